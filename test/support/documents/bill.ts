import type { JsonObject } from "../../../src/core/strict-json.ts";
import { type WrappedDocument, wrap } from "../../../src/documents/wrapped-document.ts";
import { SeededRandom } from "../fakes/seeded-random.ts";

/** A document with arrays, nested objects, empty values and every type of scalar: ten fields. */
export const bill: JsonObject = {
  goods: [
    { code: "090111", kg: 12.5, marks: [] },
    { code: "090112", kg: 7, marks: ["A", "B"] },
  ],
  carrier: { lei: "5493001KJTIIGC8Y1R12" },
  toOrder: true,
  remarks: null,
};

export const BILL_FIELDS = 10;

export function seededBytes(seed: number): (bytes: number) => Uint8Array {
  const random = new SeededRandom(seed);
  return (bytes) => Buffer.from(random.hex(bytes).slice(2), "hex");
}

/** Always the same wrapped document. */
export function wrappedBill(): WrappedDocument {
  return wrap(bill, "bill-of-lading", seededBytes(1));
}
