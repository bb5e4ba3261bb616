import { type CommittedPosition, cycleRoot, positionLeaf } from "../core/cycle-root.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { ChainState, ClearingHouse } from "./clearing-house.ts";

/** A position of a closed cycle, as the chain has it. */
export interface ClosedPosition extends CommittedPosition {
  state: ChainState;
  lei: string;
  leaf: Hex;
}

/** All positions of a closed cycle at a block, in the order of the root's leaves. */
export async function committedPositions(
  house: ClearingHouse,
  cycle: number,
  block: number,
): Promise<ClosedPosition[]> {
  const [members, currencies] = await Promise.all([house.members(block), house.currencies(block)]);
  const names = currencies.flatMap((currency) =>
    members.map(({ id: member, lei }) => ({ cycle, member, currency, lei })),
  );
  const positions = await Promise.all(names.map(async (name) => ({ ...name, ...(await house.position(name, block)) })));
  return positions
    .filter(({ state }) => state !== "Unknown")
    .map((position) => ({ ...position, leaf: positionLeaf(house.chain.chainId, house.address, position) }));
}

/**
 * @throws HuangpuError RPC_INCONSISTENT when positions are not all that a cycle's root stands for: one left out would never be
 * paid, one altered would be paid wrongly.
 */
export function assertCommitted(cycle: number, root: Hex, positions: readonly ClosedPosition[]): void {
  const found = cycleRoot(positions.map(({ leaf }) => leaf));
  if (found === root) return;
  throw new HuangpuError("RPC_INCONSISTENT", "The positions of a cycle are not what its root stands for", {
    fields: { cycle, root, found, positions: positions.length },
  });
}
