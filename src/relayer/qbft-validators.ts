import type { Chain } from "../chains/chain.ts";
import type { Gateway } from "../chains/gateway.ts";
import { encodeConfirmValidators, type TrustedValidators } from "../chains/light-client.ts";
import { encodeHeader, type RpcBlock } from "../core/block-header.ts";
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
  signal: AbortSignal;
}

interface NamedAt {
  number: number;
  validators: readonly Hex[];
}

interface NamingBlock extends NamedAt {
  block: RpcBlock;
}

/** Blocks on the way to ask for in one go, whatever an endpoint makes up; two changes among all blocks there can be need fewer. */
const MOST_BLOCKS = 64;
/** Signatures of thirty validators, and a set of as many to be written, generously. */
const CONFIRM_GAS = 2_000_000n;

/**
 * Shows the destination one source block after another, each of which names a set that differs from the one before by one
 * member, until it trusts the validators of `block`; or only that block, when nothing has changed. What was shown before a
 * failure stays, and the next attempt goes on from there.
 * @throws HuangpuError VALIDATORS_NOT_FOLLOWED when there are no such blocks, because several members changed at once, when
 * they are too many to find in one go, or when the destination refuses one, because it has not heard of the validators for
 * too long. RPC_INCONSISTENT when a block does not hash to its hash.
 */
export async function followValidators(request: FollowRequest): Promise<void> {
  const { destination, trusted, block, send, signal } = request;
  const { chain } = request.source.pinned();
  const last = { number: Number(block.number), validators: namedIn(block), block };
  const changes = differences(trusted.validators, last.validators);
  const first = changes > 1 ? await startOf(chain, trusted, last.number, signal) : trusted.number;
  const steps = changes === 0 ? [block] : path(asking(chain, signal), { ...trusted, number: first }, last);
  for await (const step of steps) {
    const { header, seal } = sealedBlock(step);
    const data = encodeConfirmValidators(header, seal);
    await preview(destination, trusted.verifier, data, Number(step.number));
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

type Ask = (number: number) => Promise<NamingBlock>;

function asking(chain: Chain, signal: AbortSignal): Ask {
  let asked = 0;
  return async (number) => {
    signal.throwIfAborted();
    if (++asked > MOST_BLOCKS) {
      throw new HuangpuError("VALIDATORS_NOT_FOLLOWED", "Validators changed too often to follow them in one go", {
        fields: { chain: chain.name, block: number, asked: MOST_BLOCKS },
      });
    }
    const block = await chain.block(number);
    encodeHeader(block);
    return { number, validators: namedIn(block), block };
  };
}

/** Blocks after `from` up to `to`, by halves: each names a set that differs by one member from that of the one before. */
async function* path(ask: Ask, from: NamedAt, to: NamingBlock): AsyncGenerator<RpcBlock> {
  const changes = differences(from.validators, to.validators);
  if (changes === 1) yield to.block;
  if (changes < 2) return;
  const middle = Math.floor((from.number + to.number) / 2);
  if (middle === from.number) {
    throw new HuangpuError("VALIDATORS_NOT_FOLLOWED", `Several validators changed at once at block ${to.number}`, {
      fields: { block: to.number, before: from.validators, after: to.validators },
    });
  }
  const between = await ask(middle);
  yield* path(ask, from, between);
  yield* path(ask, between, to);
}

/** The last block before the trusted set was confirmed, or named: an earlier one would not be taken. */
async function startOf(
  chain: Chain,
  { number, confirmedAt }: TrustedValidators,
  last: number,
  signal: AbortSignal,
): Promise<number> {
  if (number > 0) return number;
  let [before, after] = [0, last];
  while (after - before > 1) {
    signal.throwIfAborted();
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
