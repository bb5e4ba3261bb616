import { HuangpuError } from "../core/errors.ts";
import { isKindName, type KindName, kindNames } from "./kinds.ts";
import { validateDocument } from "./validate.ts";

/** The name of a kind that is known here. @throws HuangpuError DOCUMENT_KIND */
export function requireKind(kind: string): KindName {
  if (isKindName(kind)) return kind;
  throw new HuangpuError("DOCUMENT_KIND", `"${kind}" is no kind of document; there are ${kindNames.join(", ")}`);
}

/**
 * That data are a sound document of their kind.
 * @throws HuangpuError DOCUMENT_KIND, or DOCUMENT_FAULTY with all `faults` in its fields and a line for each in its message
 */
export function requireSound(kind: string, data: unknown): KindName {
  const name = requireKind(kind);
  const faults = validateDocument(name, data);
  if (faults.length === 0) return name;
  const count = faults.length === 1 ? "one fault" : `${faults.length} faults`;
  const lines = faults.map(({ path, message }) => `  ${path} ${message}`);
  throw new HuangpuError("DOCUMENT_FAULTY", [`No sound ${name}, ${count}:`, ...lines].join("\n"), {
    fields: { faults },
  });
}
