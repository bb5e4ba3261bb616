import type { Hex } from "../core/hex.ts";
import { lightClientAbi, qbftHeadersAbi } from "./abis.ts";
import type { Chain } from "./chain.ts";

/** Whom a light client of a QBFT chain trusts, and since when. Times in Unix seconds by the chain that was asked. */
export interface TrustedValidators {
  /** The contract that keeps them. */
  verifier: Hex;
  /** Ascending, in lower case. */
  validators: Hex[];
  /** Height of the source block that confirmed them last; 0 when they were named and not yet confirmed. */
  number: number;
  confirmedAt: number;
  /** Seconds for which they are trusted after that. */
  trustingPeriod: number;
}

/** Hash of the block that a light client holds at a height; 32 zero bytes when there is none. */
export async function heldHash(chain: Chain, lightClient: Hex, number: number): Promise<Hex> {
  return (await view(chain, lightClient, lightClientAbi, "blockHashAt", [number]))[0] as Hex;
}

/** @throws HuangpuError RPC_REJECTED when the light client does not follow a QBFT chain. */
export async function trustedValidators(chain: Chain, lightClient: Hex): Promise<TrustedValidators> {
  const [verifier] = (await view(chain, lightClient, lightClientAbi, "verifier")) as [Hex];
  const [[validators], [number, confirmedAt], [trustingPeriod]] = await Promise.all([
    view(chain, verifier, qbftHeadersAbi, "validators"),
    view(chain, verifier, qbftHeadersAbi, "confirmation"),
    view(chain, verifier, qbftHeadersAbi, "trustingPeriod"),
  ]);
  return {
    verifier,
    validators: (validators as string[]).map((one) => one.toLowerCase() as Hex),
    number: Number(number),
    confirmedAt: Number(confirmedAt),
    trustingPeriod: Number(trustingPeriod),
  };
}

export const encodeConfirmValidators = (header: Hex, seal: Hex): Hex =>
  qbftHeadersAbi.encodeFunctionData("confirmValidators", [header, seal]) as Hex;

async function view(
  chain: Chain,
  to: Hex,
  abi: typeof lightClientAbi,
  name: string,
  args: unknown[] = [],
): Promise<readonly unknown[]> {
  return abi.decodeFunctionResult(name, await chain.call(to, abi.encodeFunctionData(name, args) as Hex));
}
