import { keccak256, toBytes, toHex } from "../../../src/core/hex.ts";
import type { SeededRandom } from "../fakes/seeded-random.ts";
import { readItems, writeItem } from "./rlp.ts";

export interface Question {
  readonly root: Uint8Array;
  readonly path: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

type Mutation = (question: Question, random: SeededRandom, other: Question) => Question;

const hash = (bytes: Uint8Array) => toBytes(keccak256(toHex(bytes)));
const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const pick = <T>(random: SeededRandom, items: readonly T[]): T => items[random.below(items.length)] as T;

/** One of the mutations, at random. */
export function mutate(question: Question, random: SeededRandom, other: Question): Question {
  return question.proof.length === 0
    ? elsewhere(question, random, other)
    : pick(random, MUTATIONS)(question, random, other);
}

/** Another byte somewhere, so that nothing above knows the node any more. */
const byteChanged: Mutation = (question, random) => {
  const index = random.below(question.proof.length);
  return { ...question, proof: question.proof.with(index, withByte(question.proof[index], random)) };
};

/** Nodes dropped, doubled, swapped, added or emptied. */
const nodesMoved: Mutation = (question, random, other) => {
  const proof = [...question.proof];
  const [at, to] = [random.below(proof.length), random.below(proof.length)];
  const [node, target] = [proof[at] ?? new Uint8Array(), proof[to] ?? new Uint8Array()];
  const added = pick(random, [node, target, other.proof[0] ?? node, new Uint8Array(), Uint8Array.of(0x80)]);
  const moves = [
    () => proof.splice(at, 1),
    () => proof.splice(at, 0, added),
    () => proof.push(added),
    () => proof.splice(at),
    () => proof.splice(at, 1, added),
    () => proof.splice(0, proof.length, ...proof.with(at, target).with(to, node)),
  ];
  pick(random, moves)();
  return { ...question, proof };
};

/** Another root or another path. */
const elsewhere: Mutation = (question, random, other) => {
  const path = Uint8Array.from(question.path);
  const at = random.below(path.length);
  path[at] = (path[at] ?? 0) ^ (1 << random.below(8));
  const last = question.proof.slice(-1);
  const [foot = Uint8Array.of(0x80)] = last;
  return pick(random, [
    { ...question, path },
    { ...question, path: other.path },
    { ...question, root: withByte(question.root, random) },
    { ...question, root: hash(pick(random, [...question.proof, Uint8Array.of(0x80)])) },
    { ...question, proof: other.proof },
    { ...question, root: hash(foot), proof: last },
  ]);
};

/** A node is changed, and every hash above it with it, as if the trie had been built so. */
const rebuilt =
  (change: (node: Uint8Array, random: SeededRandom, question: Question) => Uint8Array): Mutation =>
  (question, random) => {
    const proof = [...question.proof];
    let index = random.below(proof.length);
    let before = proof[index] ?? new Uint8Array();
    let after = change(before, random, question);
    for (proof[index] = after; index > 0; proof[index] = after) {
      const parent: Uint8Array = proof[index - 1] ?? new Uint8Array();
      const [old, now]: [Uint8Array, Uint8Array] = [hash(before), hash(after)];
      index--;
      before = parent;
      after = replaced(parent, old, now);
    }
    return { ...question, root: hash(after), proof };
  };

function replaced(bytes: Uint8Array, old: Uint8Array, now: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf(old);
  const result = Uint8Array.from(bytes);
  if (at >= 0) result.set(now, at);
  return result;
}

const withByte = (bytes: Uint8Array | undefined, random: SeededRandom): Uint8Array => {
  const result = Uint8Array.from(bytes ?? []);
  if (result.length > 0)
    result[random.below(random.below(2) === 0 ? Math.min(4, result.length) : result.length)] = random.below(256);
  return result;
};

const lengthChanged = (node: Uint8Array, random: SeededRandom): Uint8Array =>
  pick(random, [
    join([node, toBytes(random.hex(random.between(1, 3)))]),
    node.subarray(0, random.below(node.length)),
    join([node.subarray(0, 1), Uint8Array.of(random.below(256)), node.subarray(1)]),
    new Uint8Array(),
    Uint8Array.of(0x80),
    Uint8Array.of(0xc0),
  ]);

/** What may stand in place of an item, and much that may not. */
function anyItem(random: SeededRandom, items: readonly Uint8Array[]): Uint8Array {
  const bytes = (length: number) => toBytes(random.hex(length));
  const content = bytes(pick(random, [0, 1, 2, 30, 31, 32, 33, 55, 56]));
  const wrong = [random.below(256), ...bytes(random.below(3))];
  return pick(random, [
    writeItem(false, content),
    writeItem(true, content),
    writeItem(false, content, pick(random, [1, 2, 8])),
    writeItem(true, content, 1),
    writeItem(true, join([writeItem(false, Uint8Array.of(0x20)), writeItem(false, bytes(1))])),
    Uint8Array.from(wrong),
    pick(random, items),
    Uint8Array.of(0x80),
  ]);
}

const itemsChanged = (node: Uint8Array, random: SeededRandom): Uint8Array => {
  const list = readItems(node)?.[0];
  const items = (list?.list ? (readItems(list.content) ?? []) : []).map(({ encoded }) => encoded);
  if (items.length === 0) return lengthChanged(node, random);
  const at = random.below(3) === 0 ? items.length - 1 : random.below(items.length);
  const item = anyItem(random, items);
  const changed = pick(random, [
    items.with(at, item),
    items.with(at, item),
    items.with(at, pick(random, items)),
    items.toSpliced(at, 1),
    items.toSpliced(at, 0, item),
  ]);
  return writeItem(true, join(changed), random.below(8) === 0 ? random.between(1, 3) : 0);
};

/** The path of a leaf or an extension: its flags, its padding, its length. */
const pathChanged = (node: Uint8Array, random: SeededRandom): Uint8Array => {
  const list = readItems(node)?.[0];
  const [encoded, target] = list?.list ? (readItems(list.content) ?? []) : [];
  if (encoded === undefined || target === undefined || encoded.list) return itemsChanged(node, random);
  const [first = 0, ...others] = encoded.content;
  const path = pick(random, [
    [random.below(256), ...others],
    [(first & 0xf0) | random.below(16), ...others],
    [first ^ (random.below(4) << 4), ...others],
    [first, ...others, random.below(256)],
    [first, ...others.slice(1)],
    [],
  ]);
  return writeItem(true, join([writeItem(false, Uint8Array.from(path)), target.encoded]));
};

/** A node's children hang on another one's place, as if two subtrees had been exchanged. */
const childrenSwapped = (node: Uint8Array, random: SeededRandom, { path }: Question): Uint8Array => {
  const list = readItems(node)?.[0];
  const items = (list?.list ? (readItems(list.content) ?? []) : []).map(({ encoded }) => encoded);
  if (items.length !== 17) return pathChanged(node, random);
  const nibbles = [...path].flatMap((byte) => [byte >> 4, byte & 15]);
  const [from, to] = [pick(random, nibbles), random.below(16)];
  return writeItem(true, join(items.with(from, items[to] as Uint8Array).with(to, items[from] as Uint8Array)));
};

const MUTATIONS: readonly Mutation[] = [
  byteChanged,
  nodesMoved,
  elsewhere,
  rebuilt(withByte),
  rebuilt(lengthChanged),
  rebuilt(itemsChanged),
  rebuilt(itemsChanged),
  rebuilt(pathChanged),
  rebuilt(pathChanged),
  rebuilt(childrenSwapped),
];
