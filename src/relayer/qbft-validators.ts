import type { Chain } from "../chains/chain.ts";
import type { Gateway } from "../chains/gateway.ts";
import { encodeConfirmValidators, type TrustedValidators } from "../chains/light-client.ts";
import type { RpcBlock } from "../core/block-header.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { decodeQbftExtraData } from "../core/qbft-extra-data.ts";
import type { PlannedCall } from "./outbox.ts";
import { sealedBlock } from "./sealed-block.ts";

export interface FollowRequest {
  source: Gateway;
  destination: Gateway;
  trusted: TrustedValidators;
  /** The source block up to which to follow. */
  block: RpcBlock;
  send: (call: PlannedCall) => Promise<void>;
}

interface NamedAt {
  number: number;
  validators: readonly Hex[];
}

/** Signatures of thirty validators, and a set of as many to be written, generously. */
const CONFIRM_GAS = 2_000_000n;

/**
 * Shows the destination one source block after another, each of which names a set that differs from the one before by one
 * member, until it trusts the validators of `block`; or only that block, when nothing has changed.
 * @throws HuangpuError VALIDATORS_NOT_FOLLOWED when there are no such blocks, because several members changed at once, or
 * when the destination refuses one, because it has not heard of the validators for too long.
 */
export async function followValidators({ source, destination, trusted, block, send }: FollowRequest): Promise<void> {
  const { chain } = source.pinned();
  const last = { number: Number(block.number), validators: namedIn(block) };
  const changes = differences(trusted.validators, last.validators);
  const first = changes > 1 ? await startOf(chain, trusted, last.number) : trusted.number;
  const steps = changes === 0 ? [last.number] : await path(chain, { ...trusted, number: first }, last);
  for (const number of steps) {
    const { header, seal } = sealedBlock(number === last.number ? block : await chain.block(number));
    const data = encodeConfirmValidators(header, seal);
    await preview(destination, trusted.verifier, data, number);
    await send({ to: trusted.verifier, data, gasLimit: CONFIRM_GAS });
  }
}

/** The validators that a block names; none when it is no QBFT block, or a contract keeps them. */
export function namedIn(block: RpcBlock): readonly Hex[] {
  return decodeQbftExtraData((block.extraData ?? "0x") as Hex)?.validators ?? [];
}

/** How many validators are in one of two sets only. */
export function differences(one: readonly Hex[], other: readonly Hex[]): number {
  const common = one.filter((validator) => other.includes(validator)).length;
  return one.length + other.length - 2 * common;
}

/** Blocks after `from` up to `to`, by halves: each names a set that differs by one member from that of the one before. */
async function path(chain: Chain, from: NamedAt, to: NamedAt): Promise<number[]> {
  const changes = differences(from.validators, to.validators);
  if (changes < 2) return changes === 0 ? [] : [to.number];
  const middle = Math.floor((from.number + to.number) / 2);
  if (middle === from.number) {
    throw new HuangpuError("VALIDATORS_NOT_FOLLOWED", `Several validators changed at once at block ${to.number}`, {
      fields: { chain: chain.name, block: to.number, before: from.validators, after: to.validators },
    });
  }
  const between = { number: middle, validators: namedIn(await chain.block(middle)) };
  return [...(await path(chain, from, between)), ...(await path(chain, between, to))];
}

/** The last block before the trusted set was confirmed, or named: an earlier one would not be taken. */
async function startOf(chain: Chain, { number, confirmedAt }: TrustedValidators, last: number): Promise<number> {
  if (number > 0) return number;
  let [before, after] = [0, last];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (Number((await chain.block(middle)).timestamp) < confirmedAt) before = middle;
    else after = middle;
  }
  return before;
}

/** What would be refused is not paid for. */
async function preview({ chain }: Gateway, verifier: Hex, data: Hex, number: number): Promise<void> {
  try {
    await chain.call(verifier, data);
  } catch (cause) {
    if (!(cause instanceof HuangpuError && cause.code === "RPC_REJECTED")) throw cause;
    throw new HuangpuError(
      "VALIDATORS_NOT_FOLLOWED",
      `The ${chain.name} chain's light client does not take the validators of block ${number}`,
      { fields: { block: number, ...cause.fields }, cause },
    );
  }
}
