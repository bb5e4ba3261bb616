import { HuangpuError } from "../core/errors.ts";
import type { Json, JsonObject } from "../core/strict-json.ts";
import { FieldReader } from "./field-reader.ts";
import type { WrappedOpenAttestation } from "./format.ts";

/** A member of an object, or an item of an array. */
interface Step {
  container: JsonObject | Json[];
  name: string;
  value: Json;
}

/**
 * A valid document with some fields hidden, which has the same hash. What would be left empty is hidden with them, since
 * an empty object counts as a field.
 * @param paths names and indices with dots between, such as `seller.address`; whole branches go at once.
 * @throws HuangpuError OPEN_ATTESTATION_REFUSED when nothing is at a path, or it is one item of a list: without it, the
 * others would have other paths.
 */
export function redactOpenAttestation(
  document: WrappedOpenAttestation,
  paths: readonly string[],
): WrappedOpenAttestation {
  const data = structuredClone(document.data);
  const hidden = paths.flatMap((path) => hide(data, path));
  const before = document.privacy?.obfuscatedData ?? [];
  return { ...document, data, privacy: { obfuscatedData: [...before, ...hidden].sort() } };
}

function hide(data: JsonObject, path: string): string[] {
  const steps = walk(data, path);
  while (steps.length > 1 && Object.keys(steps.at(-1)?.container ?? {}).length === 1) steps.pop();
  const cut = steps.at(-1);
  if (cut === undefined || Array.isArray(cut.container))
    throw new HuangpuError("OPEN_ATTESTATION_REFUSED", `One item of a list cannot be hidden alone: ${path}`);
  const fields = new FieldReader();
  fields.readAt(cut.value, steps.map(({ name }) => name).join("."));
  delete cut.container[cut.name];
  return fields.hashes;
}

function walk(data: JsonObject, path: string): Step[] {
  const steps: Step[] = [];
  let container: Json = data;
  for (const name of path.split(".")) {
    const value: Json | undefined = memberOf(container, name);
    if (value === undefined || typeof container !== "object" || container === null)
      throw new HuangpuError("OPEN_ATTESTATION_REFUSED", `The document has nothing at ${path}`);
    steps.push({ container, name, value });
    container = value;
  }
  return steps;
}

function memberOf(container: Json, name: string): Json | undefined {
  if (typeof container !== "object" || container === null || !Object.hasOwn(container, name)) return undefined;
  return Object.entries(container).find(([each]) => each === name)?.[1];
}
