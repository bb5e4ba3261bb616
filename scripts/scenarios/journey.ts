import { RLP } from "@ethereumjs/rlp";
import type { ContractTransactionResponse, JsonRpcProvider, TransactionReceipt } from "ethers";
import { gatewayAbi } from "../../src/chains/abis.ts";
import { type Hex, toHex } from "../../src/core/hex.ts";
import type { Side, Timeline } from "../terminal/timeline.ts";

const SIGNATURE_CHARACTERS = 130;

/** A message that arrived: the transaction that delivered it, and what was proven in it. */
export interface Arrival {
  receipt: TransactionReceipt;
  proof: string;
}

/** What one trade does on both chains: shows it on the timeline and adds up its gas. */
export class Journey {
  readonly #timeline: Timeline;
  readonly #providers: Record<Side, JsonRpcProvider>;
  readonly #deliveries = new Set<string>();
  #gasUsed = 0n;
  #messages = 0;

  constructor(timeline: Timeline, providers: Record<Side, JsonRpcProvider>) {
    this.#timeline = timeline;
    this.#providers = providers;
  }

  get gasUsed(): bigint {
    return this.#gasUsed;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Proven deliveries in which this trade's messages came. */
  get proofs(): number {
    return this.#deliveries.size;
  }

  /** A transaction of one of the parties. */
  async act(
    side: Side,
    text: string,
    sending: Promise<ContractTransactionResponse>,
    ...details: string[]
  ): Promise<TransactionReceipt> {
    const receipt = await this.#timeline.waiting(text, confirmed(sending));
    this.#gasUsed += receipt.gasUsed;
    this.#timeline.add(side, text, ...details, `block ${receipt.blockNumber}, gas ${count(receipt.gasUsed)}`);
    return receipt;
  }

  /** Gas of transactions that somebody else sent for it. */
  async share(side: Side, transactionHashes: readonly string[]): Promise<void> {
    for (const hash of new Set(transactionHashes)) {
      const receipt = await this.#providers[side].getTransactionReceipt(hash);
      this.#gasUsed += receipt?.gasUsed ?? 0n;
    }
  }

  /**
   * A message of this trade that the bridge brought, by the transaction in which its effect shows. `explainMore` says what
   * else happened in it, a line each.
   */
  async arrive(
    side: Side,
    text: string,
    transactionHash: string,
    explainMore: (receipt: TransactionReceipt) => string[] = () => [],
  ): Promise<Arrival> {
    const provider = this.#providers[side];
    const [transaction, receipt] = await Promise.all([
      provider.getTransaction(transactionHash),
      provider.getTransactionReceipt(transactionHash),
    ]);
    if (transaction === null || receipt === null) throw new Error(`${transactionHash} has vanished`);
    const { proof, messages } = explain(transaction.data);
    this.#deliveries.add(transactionHash);
    this.#messages += 1;
    this.#gasUsed += receipt.gasUsed / BigInt(messages);
    const shared = messages === 1 ? "" : ` for ${messages} messages`;
    this.#timeline.add(
      side,
      text,
      ...explainMore(receipt),
      proof,
      `block ${receipt.blockNumber}, gas ${count(receipt.gasUsed)}${shared}`,
    );
    return { receipt, proof };
  }
}

/** What a delivery proved, from its call data. */
function explain(data: string): { proof: string; messages: number } {
  const call = gatewayAbi.parseTransaction({ data });
  const messages: number = call?.args["messages"].length;
  if (call?.name !== "deliver") return { proof: "head proven before", messages };
  const { header, seal, accountProof, storageProof } = call.args["proof"];
  const signatures = (seal.length - 2) / SIGNATURE_CHARACTERS;
  const nodes = accountProof.length + storageProof.length;
  return { proof: `proof: block ${blockNumber(header)}, ${signatures} signed, ${nodes} trie nodes`, messages };
}

function blockNumber(header: Hex): bigint {
  const NUMBER_FIELD = 8;
  const fields = RLP.decode(header);
  return BigInt(toHex(fields[NUMBER_FIELD] as Uint8Array));
}

async function confirmed(sending: Promise<ContractTransactionResponse>): Promise<TransactionReceipt> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error("The transaction has no receipt");
  return receipt;
}

function count(value: bigint): string {
  return value.toLocaleString("en-US");
}
