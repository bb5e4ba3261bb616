import type { Json, JsonObject } from "../../../src/core/strict-json.ts";
import type { ExportableDocument, ExportOptions } from "../../../src/open-attestation/export-document.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Version 4 UUIDs that are the same in every run. */
export function seededSalts(seed: number): () => string {
  const random = new SeededRandom(seed);
  return () => {
    const digits = random.hex(16).slice(2);
    const parts = [0, 8, 12, 16, 20].map((start, index) => digits.slice(start, [8, 12, 16, 20, 32][index]));
    const [a, b, c = "", d = "", e] = parts;
    return [a, b, `4${c.slice(1)}`, `${"89ab".charAt(random.below(4))}${d.slice(1)}`, e].join("-");
  };
}

export const exportOptions: ExportOptions = {
  issuer: {
    name: "Demo Carrier",
    id: "https://carrier.example",
    store: { kind: "documentStore", address: "0x49b2969bf0e4aa822023a9ea2293b24e4518c1dd" },
    domain: "carrier.example",
  },
  network: { chain: "HUANGPU", chainId: 31_337 },
  template: "https://templates.example",
};

/** With nesting, every type of value, texts that look like salts, and letters beyond ASCII. */
export const invoice: ExportableDocument = {
  kind: "commercial-invoice",
  hash: `0x${"5a".repeat(32)}`,
  data: {
    invoiceNumber: "INV-77",
    seller: { name: "上海出口有限公司", address: { street: "1 Raffles Place", country: "SG" } },
    buyer: { name: "Müller & Söhne" },
    total: 1_200.5,
    paid: false,
    remarks: null,
    note: "a39a8a63-fd12-4344-a3d6-79d670852593:number:7\nsecond: line",
    lines: [
      { description: "Green coffee", quantity: 300 },
      { description: "Spare parts", quantity: 4 },
    ],
    surcharges: [],
    extensions: {},
  },
};

export const packingList: ExportableDocument = {
  kind: "packing-list",
  hash: `0x${"3c".repeat(32)}`,
  data: { listNumber: "PL-1", packages: [{ marks: "A1", weight: 18_000 }] },
};

const NAMES = ["number", "name", "地址", "weight kg", "a:b", "0", "1", "länge", 'q"uote', "$x", "toString"];
const TEXTS = ["", "x", "a:b:c", "null", "數量", 'say "yes"', "tab\there", "😀", "true", "12", "a\nb"];

/** Objects, arrays and values of all kinds, no deeper than four levels. */
export function randomData(random: SeededRandom, depth = 0): JsonObject {
  const names = random.shuffled(NAMES).slice(0, random.between(depth === 0 ? 1 : 0, 5));
  return Object.fromEntries(names.map((name) => [name, randomJson(random, depth + 1)]));
}

function randomJson(random: SeededRandom, depth: number): Json {
  const choice = random.below(depth > 3 ? 4 : 6);
  if (choice === 0) return TEXTS[random.below(TEXTS.length)] ?? "";
  if (choice === 1) return random.below(2 ** 31) / 10 ** random.below(12);
  if (choice === 2) return random.below(2) === 0;
  if (choice === 3) return null;
  if (choice === 4) return randomData(random, depth);
  return Array.from({ length: random.below(4) }, () => randomJson(random, depth + 1));
}
