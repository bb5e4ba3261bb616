import { type JsonRpcProvider, Transaction, type TransactionLike } from "ethers";
import { type Hex, keccak256 } from "../src/core/hex.ts";

/** What was sent in a range of blocks, both ends included, as it was signed. */
export async function rawTransactions(
  provider: JsonRpcProvider,
  firstBlock: number,
  lastBlock: number,
): Promise<Hex[]> {
  const raws: Hex[] = [];
  for (let number = firstBlock; number <= lastBlock; number++) {
    const block = await provider.getBlock(number, true);
    for (const sent of block?.prefetchedTransactions ?? []) {
      const raw = Transaction.from(sent.toJSON() as TransactionLike).serialized as Hex;
      if (keccak256(raw) !== sent.hash) throw new Error(`Transaction ${sent.hash} was not rebuilt as it was signed`);
      raws.push(raw);
    }
  }
  return raws;
}
