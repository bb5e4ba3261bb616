import type { Hex } from "../../../src/core/hex.ts";
import type { Block } from "./answers.ts";
import type { Fact } from "./examine.ts";
import { readSealedHeader, type SealedHeader, sealProblem } from "./sealed-header.ts";

export interface Followed {
  /** Up to the first that is not right. */
  headers: SealedHeader[];
  /** What is wrong with that one, or with the set of validators that the last one names. */
  problem: string | undefined;
}

/**
 * Reads headers that should follow each other: each hashes to its hash and to the next one's parent, is sealed by a quorum of
 * the validators that it names, and names at most one other than the header before. The last names `validators`.
 */
export function followHeaders(blocks: readonly Fact<Block>[], validators: readonly Hex[]): Followed {
  const headers: SealedHeader[] = [];
  for (const block of blocks) {
    if ("error" in block) return { headers, problem: block.error };
    const problem = follow(block.value, headers);
    if (problem !== undefined) return { headers, problem: `block ${Number(block.value.number)} ${problem}` };
  }
  const last = headers.at(-1);
  if (last === undefined || last.validators.join() === validators.join()) return { headers, problem: undefined };
  return { headers, problem: `block ${last.number} names other validators than the file` };
}

/** Adds a header if it is right, and says what is wrong if it is not. */
function follow(block: Block, headers: SealedHeader[]): string | undefined {
  try {
    const header = readSealedHeader(block);
    const problem = linkProblem(header, headers.at(-1)) ?? sealProblem(header);
    if (problem === undefined) headers.push(header);
    return problem;
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function linkProblem(header: SealedHeader, before: SealedHeader | undefined): string | undefined {
  if (before === undefined) return undefined;
  if (header.parentHash !== before.hash) {
    return `does not follow block ${before.number}`;
  }
  const joined = header.validators.filter((one) => !before.validators.includes(one)).length;
  const left = before.validators.filter((one) => !header.validators.includes(one)).length;
  return joined + left > 1 ? `changes ${joined + left} validators at once` : undefined;
}
