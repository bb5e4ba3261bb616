import { HuangpuError } from "./errors.ts";
import { formatJsonPath, type JsonPath } from "./json-path.ts";

/** A field's place among all fields of a document, and its path. */
export interface FieldPlace {
  readonly index: number;
  readonly path: JsonPath;
}

/**
 * That there can be a document with these fields at these places: paths in the order of fields, no value with parts of its own,
 * no array that is an object as well, and between two of them as many other fields as their paths leave room for.
 * @throws HuangpuError PRESENTATION_ORDER when places do not rise; PRESENTATION_PATHS when no document has such fields.
 */
export function requirePossible(places: readonly FieldPlace[]): void {
  let [before, path]: [number, JsonPath] = [-1, []];
  for (const next of places) {
    const between = next.index - before - 1;
    if (between < 0) throw impossible("PRESENTATION_ORDER", next, "is not after the one before");
    const { least, isRoom } = before < 0 ? spaceBefore(next.path) : spaceBetween(path, next);
    if (between < least)
      throw impossible("PRESENTATION_PATHS", next, `has fewer than ${least} hidden fields before it`);
    if (between > 0 && !isRoom) throw impossible("PRESENTATION_PATHS", next, "has no room for hidden fields before it");
    before = next.index;
    path = next.path;
  }
}

/** How many fields there must be in between, each item of an array having one at least, and whether there can be more. */
interface Space {
  readonly least: number;
  readonly isRoom: boolean;
}

function spaceBetween(path: JsonPath, next: FieldPlace): Space {
  const depth = path.findIndex((step, at) => step !== next.path[at]);
  const [from, to] = [path[depth], next.path[depth]];
  if (from === undefined || to === undefined) {
    throw impossible("PRESENTATION_PATHS", next, "is, or is a part of, the field before");
  }
  if (typeof from !== typeof to) throw impossible("PRESENTATION_PATHS", next, "makes an object of an array");
  if (from > to) throw impossible("PRESENTATION_PATHS", next, "is to stand before the one before");
  const inside = spaceBefore(next.path.slice(depth + 1));
  const skipped = typeof from === "number" && typeof to === "number" ? to - from - 1 : 0;
  const isNameBetween = typeof from === "string" && to !== `${from}\0`;
  const isAfter = path.length > depth + 1;
  return { least: skipped + inside.least, isRoom: isAfter || skipped > 0 || isNameBetween || inside.isRoom };
}

/** Before a field within the object or array from which its path starts. */
function spaceBefore(path: JsonPath): Space {
  const least = path.reduce<number>((sum, step) => sum + (typeof step === "number" ? step : 0), 0);
  return { least, isRoom: least > 0 || path.some((step) => typeof step === "string" && step !== "") };
}

function impossible(code: "PRESENTATION_ORDER" | "PRESENTATION_PATHS", { index, path }: FieldPlace, fault: string) {
  return new HuangpuError(code, `Field ${index} (${formatJsonPath(path)}) ${fault}`, {
    fields: { index, path: [...path] },
  });
}
