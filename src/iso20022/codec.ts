import type { XmlElement } from "libxml2-wasm";
import type { z } from "zod";
import { isoError } from "./iso-error.ts";
import { childElements, elementOf, escaped, refuseAttributes, sizeOf, textOf } from "./xml.ts";

/** Reads a value from an element and writes what is inside an element of a value, by the same rules in both directions. */
export interface Codec<T> {
  read(element: XmlElement, path: string): T;
  write(value: T, path: string): Content;
}

/** The inside of an element as XML, and the element's attributes, each with a space before it. */
export interface Content {
  xml: string;
  attributes?: string;
}

/** How often an element occurs, beside what it holds. */
export interface Part<T> {
  codec: Codec<unknown>;
  least: number;
  most: number;
  /** Turns the values found into the one that the model has, and back. */
  join(values: unknown[]): T;
  split(value: T): unknown[];
}

type Parts = Readonly<Record<string, Part<unknown>>>;
type ValueOf<P> = P extends Part<infer T> ? T : never;
type Values<P extends Parts> = {
  [K in keyof P as undefined extends ValueOf<P[K]> ? never : K]: ValueOf<P[K]>;
} & {
  [K in keyof P as undefined extends ValueOf<P[K]> ? K : never]?: ValueOf<P[K]>;
};

/** An element that occurs once. */
export function one<T>(codec: Codec<T>): Part<T> {
  return { codec, least: 1, most: 1, join: ([value]) => value as T, split: (value) => [value] };
}

/** An element that may be absent. */
export function maybe<T>(codec: Codec<T>): Part<T | undefined> {
  const split = (value: T | undefined) => (value === undefined ? [] : [value]);
  return { codec, least: 0, most: 1, join: ([value]) => value as T | undefined, split };
}

/** An element that occurs up to `most` times. */
export function several<T>(codec: Codec<T>, most: number): Part<T[]> {
  return { codec, least: 0, most, join: (values) => values as T[], split: (values) => values };
}

/** Elements and attributes that may be within what is skipped. */
const MOST_SKIPPED = 200;

/** An element that the standard has and that says nothing to us: taken, never read, never written. */
export const skipped: Part<undefined> = {
  codec: {
    read(element, path) {
      if (sizeOf(element, MOST_SKIPPED) <= MOST_SKIPPED) return;
      throw isoError("ISO_SCHEMA", path, "more than can be skipped", `send at most ${MOST_SKIPPED} elements in it`);
    },
    write: () => ({ xml: "" }),
  },
  least: 0,
  most: 10,
  join: () => undefined,
  split: () => [],
};

/** Text by a rule. */
export function text<T extends string>(rule: z.ZodType<T>): Codec<T> {
  return {
    read(element, path) {
      refuseAttributes(element, path);
      return checked(rule, textOf(element, path), path);
    },
    write: (value, path) => ({ xml: escaped(checked(rule, value, path)) }),
  };
}

/** A value by its rule. @throws ISO_VALUE */
export function checked<T>(rule: z.ZodType<T>, value: unknown, path: string): T {
  const result = rule.safeParse(value);
  if (result.success) return result.data;
  const shown = JSON.stringify(String(value).slice(0, 64));
  throw isoError("ISO_VALUE", path, `${shown} is not allowed`, result.error.issues[0]?.message ?? "see the standard");
}

/** Elements in a fixed order; all others are refused. */
export function sequence<P extends Parts>(parts: P): Codec<Values<P>> {
  const order = Object.entries(parts).map(([name, part], position) => ({ name, part, position }));
  const places = new Map(order.map((place) => [place.name, place]));
  return {
    read(element, path) {
      const found = collect(order, places, element, path);
      return Object.fromEntries(order.map(({ name, part }, at) => [name, part.join(found[at] ?? [])])) as Values<P>;
    },
    write(values, path) {
      let xml = "";
      for (const { name, part } of order) {
        const split = part.split((values as Record<string, unknown>)[name]);
        requireCount(part, split.length, `${path}/${name}`);
        for (const value of split) xml += elementOf(name, part.codec.write(value, `${path}/${name}`));
      }
      return { xml };
    },
  };
}

interface Place {
  name: string;
  part: Part<unknown>;
  position: number;
}

/** One of several elements. All of them must be `maybe` or `skipped`. */
export function choice<P extends Parts>(parts: P): Codec<Values<P>> {
  const { read, write } = sequence(parts);
  return {
    read(element, path) {
      const count = childElements(element, path).length;
      if (count !== 1) throw notOne(parts, count, path);
      return read(element, path);
    },
    write(values, path) {
      const count = Object.values(values).filter((value) => value !== undefined).length;
      if (count !== 1) throw notOne(parts, count, path);
      return write(values, path);
    },
  };
}

function notOne(parts: Parts, count: number, path: string) {
  const names = Object.keys(parts).join(", ");
  return isoError("ISO_SCHEMA", path, `${count} elements where one belongs`, `send one of ${names}`);
}

function collect(
  order: readonly Place[],
  places: ReadonlyMap<string, Place>,
  element: XmlElement,
  path: string,
): (unknown[] | undefined)[] {
  const namespace = element.namespaceUri;
  const found: (unknown[] | undefined)[] = order.map(() => undefined);
  let reached = 0;
  for (const child of childElements(element, path)) {
    const { name } = child;
    const at = `${path}/${name}`;
    const place = places.get(name);
    if (place === undefined || child.namespaceUri !== namespace) {
      throw isoError(
        "ISO_SCHEMA",
        at,
        "an element that is not carried here",
        `send ${[...places.keys()].join(", ")} alone`,
      );
    }
    const { part, position } = place;
    if (position < reached) {
      throw isoError("ISO_SCHEMA", at, "an element out of its order", `send them as ${[...places.keys()].join(", ")}`);
    }
    reached = position;
    const values = found[position] ?? [];
    if (values.length >= part.most) throw tooMany(part, at);
    values.push(part.codec.read(child, at));
    found[position] = values;
  }
  for (const { name, part, position } of order) requireCount(part, found[position]?.length ?? 0, `${path}/${name}`);
  return found;
}

function requireCount(part: Part<unknown>, count: number, path: string): void {
  if (count < part.least) throw isoError("ISO_SCHEMA", path, "the element is missing", "send it");
  if (count > part.most) throw tooMany(part, path);
}

function tooMany({ most }: Part<unknown>, path: string) {
  return isoError("ISO_SCHEMA", path, "the element occurs too often", `send it at most ${most} times`);
}

/** A codec whose model differs from the elements: `from` makes the model of what was read, `to` the elements' values of it. */
export function mapped<T, U>(
  codec: Codec<T>,
  from: (value: T, path: string) => U,
  to: (value: U, path: string) => T,
): Codec<U> {
  return {
    read: (element, path) => from(codec.read(element, path), path),
    write: (value, path) => codec.write(to(value, path), path),
  };
}

/** The same without the properties that are undefined. */
export function compact<T extends object>(value: T): Compact<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Compact<T>;
}

type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};
