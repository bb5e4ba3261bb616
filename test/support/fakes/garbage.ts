import { type NestedUint8Array, RLP } from "@ethereumjs/rlp";
import type { ParamType } from "ethers/abi";
import { type Hex, toBytes, toHex } from "../../../src/core/hex.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** Around words, signatures, seals, headers and the limits of RLP's prefixes. */
const LENGTHS = [0, 1, 2, 20, 31, 32, 33, 55, 56, 64, 65, 130, 195, 255, 256, 600];
const MOST_ITEMS = 5;
const BRANCH_ITEMS = 17;
/** Prefixes of strings and lists, with lengths that are short, long, enormous, and not as short as they could be. */
const PREFIXES = ["0x", "0x00", "0x80", "0x8100", "0xb800", "0xb90001", "0xbfffffffffffffffff", "0xc0", "0xf800"];
const LONG_LIST = "0xffffffffffffffffff";

/** Values that no honest caller would send. */
export class Garbage {
  readonly #random: SeededRandom;
  readonly #known: readonly Hex[];

  /** @param known Addresses that mean something to whom it is sent. */
  constructor(random: SeededRandom, known: readonly Hex[]) {
    this.#random = random;
    this.#known = known;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.#random.below(items.length)];
    if (item === undefined) throw new Error("There is nothing to choose from");
    return item;
  }

  /** Something that is well-formed as a parameter, and nothing else. */
  value({ baseType, type, arrayChildren, components }: ParamType): unknown {
    if (baseType === "array" && arrayChildren !== null) {
      return Array.from({ length: this.#random.below(MOST_ITEMS) }, () => this.value(arrayChildren));
    }
    if (baseType === "tuple") return (components ?? []).map((component) => this.value(component));
    if (type === "bool") return this.#random.below(2) === 0;
    if (type === "address") return this.pick([...this.#known, this.#random.hex(20), `0x${"0".repeat(40)}`]);
    if (type === "bytes") return this.pick([this.bytes(), this.rlp()]);
    const size = type.startsWith("bytes") ? Number(type.slice(5)) : Number(type.replace(/^u?int/, "")) / 8;
    return this.pick([this.#random.hex(size), `0x${"0".repeat(2 * size)}`, `0x${"f".repeat(2 * size)}`]);
  }

  bytes(): Hex {
    return this.#random.hex(this.pick(LENGTHS));
  }

  /** RLP of no sensible structure, often with something wrong in it. */
  rlp(): Hex {
    const encoded = toHex(RLP.encode(this.#items(3)));
    return this.#random.below(2) === 0 ? encoded : this.spoil(encoded);
  }

  /** The same with one thing wrong: a bit, a byte more or less, an end cut off or grown, a false prefix. */
  spoil(hex: Hex): Hex {
    const bytes = toBytes(hex);
    const at = this.#random.below(bytes.length + 1);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const join = (...parts: readonly (Uint8Array | Hex)[]): Hex =>
      `0x${parts.map((part) => (typeof part === "string" ? part : toHex(part)).slice(2)).join("")}`;
    const changed = this.#random.between(1, 255) ^ (after[0] ?? 0);
    return this.pick([
      () => join(before, Uint8Array.of(changed), after.subarray(1)),
      () => join(before, this.#random.hex(1), after),
      () => join(before, after.subarray(1)),
      () => join(before),
      () => join(bytes, this.bytes()),
      () => join(this.pick(PREFIXES) as Hex, bytes),
      () => join(LONG_LIST, bytes.subarray(1)),
      () => join(before, this.pick(PREFIXES) as Hex, after),
    ])();
  }

  #items(depth: number): NestedUint8Array {
    const count = this.pick([this.#random.below(MOST_ITEMS), 2, 4, BRANCH_ITEMS]);
    return Array.from({ length: count }, () =>
      depth > 0 && this.#random.below(4) === 0 ? this.#items(depth - 1) : toBytes(this.bytes()),
    );
  }
}
