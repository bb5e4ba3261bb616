import { gatewayAbi } from "../src/chains/abis.ts";
import type { Gateway } from "../src/chains/gateway.ts";
import type { Hex } from "../src/core/hex.ts";
import { formatInteroperableAddress } from "../src/core/interoperable-address.ts";
import { PAYLOAD_BYTES } from "./lane.ts";
import { seededBytes } from "./seeded-bytes.ts";
import type { Sender } from "./sender.ts";

const GAS_LIMIT = 100_000n;

/** Transactions of one message each from the trade chain to a recipient on the other, signed beforehand. */
export async function signLoad(
  { trade, finance }: Record<"trade" | "finance", Gateway>,
  account: Sender,
  recipient: Hex,
  count: number,
): Promise<Hex[]> {
  const to = formatInteroperableAddress({ chainId: finance.chain.chainId, account: recipient });
  const load: Hex[] = [];
  for (let index = 0; index < count; index++) {
    const payload = seededBytes(`load ${index}`, PAYLOAD_BYTES);
    const data = gatewayAbi.encodeFunctionData("sendMessage", [to, payload, []]) as Hex;
    load.push(await account.sign({ to: trade.address, data, gasLimit: GAS_LIMIT }));
  }
  return load;
}
