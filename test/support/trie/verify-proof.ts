import { keccak256, toHex } from "../../../src/core/hex.ts";
import { type Item, readItems } from "./rlp.ts";

/** What a proof shows, or why it shows nothing. */
export type Verdict =
  | { readonly kind: "value"; readonly value: Uint8Array }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string; readonly lenient: readonly string[] };

/** Forms that no trie has and that OpenZeppelin's TrieProof does not mind, with the walker's error for each. */
export const LENIENT: Readonly<Record<string, string>> = {
  "padding is not zero": "TrieWalk_PaddingNotZero",
  "a value in a branch": "TrieWalk_ValueInBranch",
  "a branch below the path": "TrieWalk_WrongDepth",
  "a short node beside its parent": "TrieWalk_NodesUnused",
  "a sibling is no reference": "TrieWalk_MalformedNode",
};

const EMPTY_ROOT = keccak256("0x80");

const refused = (reason: string): Verdict => ({ kind: "refused", reason, lenient: [] });

/** Refused for something that TrieProof does not mind, unless it is refused for more than that. */
function stricter(verdict: Verdict, reason: string): Verdict {
  if (verdict.kind !== "refused") return { kind: "refused", reason, lenient: [reason] };
  return verdict.lenient.length === 0 ? verdict : { ...verdict, lenient: [...verdict.lenient, reason] };
}

const isReference = ({ list, content, encoded }: Item) => (list ? encoded.length < 32 : content.length === 32);
const nibblesOf = (bytes: Uint8Array) => [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);

/** Reads a proof as the Yellow Paper has it, on arrays of nibbles: nothing is shared with what it is compared to. */
export function verifyProof(root: Uint8Array, path: Uint8Array, proof: readonly Uint8Array[]): Verdict {
  if (toHex(root) === EMPTY_ROOT && proof.length === 0) return { kind: "absent" };
  const [first, ...rest] = proof;
  if (first === undefined || keccak256(toHex(first)) !== toHex(root)) return refused("another root");
  if (toHex(root) === EMPTY_ROOT) return rest.length === 0 ? { kind: "absent" } : refused("unused nodes");
  return enter(first, nibblesOf(path), rest);
}

function enter(node: Uint8Array, path: readonly number[], rest: readonly Uint8Array[]): Verdict {
  const whole = readItems(node);
  const items = whole?.length === 1 && whole[0]?.list ? readItems(whole[0].content) : undefined;
  if (items === undefined) return refused("no list");
  if (items.length === 17) return branch(items, path, rest);
  const [encodedPath, target] = items;
  if (items.length !== 2 || encodedPath === undefined || target === undefined) return refused("neither 2 nor 17 items");
  if (encodedPath.list) return refused("no path");
  const [flags, padding, ...even] = nibblesOf(encodedPath.content);
  if (flags === undefined || padding === undefined || flags > 3) return refused("no flags");
  const part = flags % 2 === 1 ? [padding, ...even] : even;
  const matches = part.every((nibble, index) => nibble === path[index]);
  const verdict = flags > 1 ? leaf(target, part, path, rest, matches) : extension(target, part, path, rest, matches);
  return flags % 2 === 0 && padding !== 0 ? stricter(verdict, "padding is not zero") : verdict;
}

function branch(items: readonly Item[], path: readonly number[], rest: readonly Uint8Array[]): Verdict {
  const children = items.slice(0, 16);
  const value = items[16];
  const [nibble, ...remaining] = path;
  if (value === undefined) return refused("no value");
  if (nibble === undefined)
    return stricter(end({ kind: "value", value: value.content }, rest), "a branch below the path");
  const child = items[nibble];
  if (child === undefined) return refused("no child");
  const isEmpty = (item: Item) => !item.list && item.content.length === 0;
  let verdict = isEmpty(child) ? end({ kind: "absent" }, rest) : follow(child, remaining, rest);
  if (!isEmpty(value)) verdict = stricter(verdict, "a value in a branch");
  const regular = children.every((item) => isEmpty(item) || isReference(item));
  return regular ? verdict : stricter(verdict, "a sibling is no reference");
}

function leaf(
  { list, content }: Item,
  part: readonly number[],
  path: readonly number[],
  rest: readonly Uint8Array[],
  matches: boolean,
): Verdict {
  if (part.length !== path.length) return refused("a leaf elsewhere");
  if (list || content.length === 0) return refused("no value");
  return end(matches ? { kind: "value", value: content } : { kind: "absent" }, rest);
}

function extension(
  target: Item,
  part: readonly number[],
  path: readonly number[],
  rest: readonly Uint8Array[],
  matches: boolean,
): Verdict {
  if (part.length === 0 || part.length > path.length) return refused("an extension to nowhere");
  if (!isReference(target)) return refused("no reference");
  return matches ? follow(target, path.slice(part.length), rest) : end({ kind: "absent" }, rest);
}

function follow(link: Item, path: readonly number[], rest: readonly Uint8Array[]): Verdict {
  if (!isReference(link)) return refused("no reference");
  const [next, ...others] = rest;
  if (link.list) {
    const listed = next !== undefined && toHex(next) === toHex(link.encoded);
    const verdict = enter(link.encoded, path, listed ? others : rest);
    return listed ? stricter(verdict, "a short node beside its parent") : verdict;
  }
  if (next === undefined || next.length < 32) return refused("a node is missing");
  return keccak256(toHex(next)) === toHex(link.content) ? enter(next, path, others) : refused("another node");
}

function end(verdict: Verdict, rest: readonly Uint8Array[]): Verdict {
  return rest.length === 0 ? verdict : refused("unused nodes");
}
