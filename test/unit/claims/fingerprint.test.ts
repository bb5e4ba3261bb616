import { expect } from "chai";
import type { ClaimFields, ClaimKind } from "../../../src/claims/claim-kinds.ts";
import { type ClaimKey, type Fingerprints, fingerprintsOf } from "../../../src/claims/fingerprint.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import golden from "../../vectors/golden/claims/fingerprints.json" with { type: "json" };

const key = (id: number): ClaimKey => ({ id, secret: Uint8Array.from({ length: 32 }, (_, i) => 32 * (id - 1) + i) });
const ZERO = `0x${"00".repeat(32)}`;

const invoice: ClaimFields<"invoice"> = {
  seller: "8945HPUEXPORTER00095",
  buyer: "8945HPUIMPORTER00057",
  number: "INV-2026/0017",
  issued: "2026-11-22",
  currency: "USD",
  amount: "48000.50",
};
const of = (fields: Partial<ClaimFields<"invoice">>) => fingerprintsOf("invoice", { ...invoice, ...fields }, key(1));

describe("fingerprints of things that are claimed", () => {
  for (const [index, { kind, fields, fingerprints }] of golden.vectors.entries()) {
    it(`are those of another implementation: ${kind} (${index + 1})`, () => {
      const found = fingerprintsOf(kind as ClaimKind, fields as unknown as ClaimFields<ClaimKind>, key(2), key(1));
      expect(found).to.deep.equal(fingerprints);
    });
  }

  it("are the same for any spelling of an invoice", () => {
    const random = new SeededRandom(5);
    const expected = of({});
    for (let round = 0; round < 500; ++round) expect(of(respelt(random))).to.deep.equal(expected);
  });

  it("are others, exact and near, for another invoice between others on another day", () => {
    const other = of({
      seller: "8945HPUWAREHOUSE0018",
      buyer: "8945HPUMAKER00000058",
      number: "INV-2026/0018",
      issued: "2025-11-22",
    });
    expect(other.exact).not.to.equal(of({}).exact);
    expect(other.near).not.to.equal(of({}).near);
  });

  // What is in the exact fingerprint, what in the near one: for each field, whether another value is another thing.
  const differences: readonly [keyof typeof invoice, string, exact: boolean, near: boolean][] = [
    ["number", "INV-2026/0018", true, false],
    ["seller", "8945HPUWAREHOUSE0018", true, true],
    ["buyer", "8945HPUWAREHOUSE0018", false, true],
    ["issued", "2026-11-23", false, true],
    ["issued", "2025-11-22", true, true],
    ["amount", "48000.51", false, true],
    ["currency", "EUR", false, true],
  ];
  for (const [field, value, exact, near] of differences) {
    const changed = [...(exact ? ["exact"] : []), ...(near ? ["near"] : [])].join(" and ");
    it(`change (${changed}) with the field ${field}: ${value}`, () => {
      const [first, second] = [of({}), of({ [field]: value })];
      expect([first.exact !== second.exact, first.near !== second.near]).to.deep.equal([exact, near]);
    });
  }

  it("never mistake one field for another, nor one kind", () => {
    const equipment = { manufacturer: invoice.seller, model: "A1", serial: "B2" };
    const found = (fields: typeof equipment) => fingerprintsOf("equipment", fields, key(1));
    const all: Fingerprints[] = [
      found(equipment),
      found({ ...equipment, model: "B2", serial: "A1" }),
      found({ ...equipment, model: "A1B", serial: "2" }),
      found({ ...equipment, model: "A", serial: "1B2" }),
      fingerprintsOf(
        "data-asset",
        { content: "ab".repeat(32), holder: invoice.seller, register: invoice.seller, registration: "B2" },
        key(1),
      ),
    ];
    const hashes = all.flatMap(({ exact, near }) => [exact, near]);
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it("are others under another key, and those under the former one are what they were", () => {
    const before = fingerprintsOf("invoice", invoice, key(1));
    const after = fingerprintsOf("invoice", invoice, key(2), key(1));
    expect([before.formerExact, before.formerNear]).to.deep.equal([ZERO, ZERO]);
    expect([after.formerExact, after.formerNear]).to.deep.equal([before.exact, before.near]);
    expect(after.exact).not.to.equal(before.exact);
    expect([before.keyId, after.keyId]).to.deep.equal([1, 2]);
  });

  it("refuse a field that is missing or unclear, and name it", async () => {
    const error = await thrown("CLAIM_FIELD", () => of({ amount: "1,000" }));
    expect(error.fields).to.deep.equal({ field: "amount" });
    await thrown("CLAIM_FIELD", () => of({ number: "" }));
    const { seller: _, ...without } = invoice;
    await thrown("CLAIM_FIELD", () => fingerprintsOf("invoice", without as typeof invoice, key(1)));
  });

  it("refuse keys that are too short, have no number, or do not follow each other", async () => {
    await thrown("CLAIM_KEY", () => fingerprintsOf("invoice", invoice, { id: 1, secret: new Uint8Array(31) }));
    for (const id of [0, 1.5, 65_536]) {
      await thrown("CLAIM_KEY", () => fingerprintsOf("invoice", invoice, { ...key(1), id }));
    }
    await thrown("CLAIM_KEY", () => fingerprintsOf("invoice", invoice, key(3), key(1)));
    await thrown("CLAIM_KEY", () => fingerprintsOf("invoice", invoice, key(1), key(1)));
  });
});

/** The same invoice as somebody else may have typed it. */
function respelt(random: SeededRandom): ClaimFields<"invoice"> {
  const pick = (texts: readonly string[]) => texts[random.below(texts.length)] ?? "";
  const cased = (text: string) => [...text].map((char) => (random.below(2) === 0 ? char : char.toLowerCase())).join("");
  const spaced = (text: string) =>
    [...text].map((char) => char + pick(["", "", "", " ", "-", "\u00a0", "\u200b"])).join("");
  const wide = (text: string) =>
    [...text].map((char) => (/[!-~]/.test(char) && random.below(2) === 0 ? fullWidth(char) : char)).join("");
  return {
    seller: wide(cased(spaced(invoice.seller))),
    buyer: cased(spaced(invoice.buyer)),
    number: wide(cased(spaced(pick(["INV-2026/0017", "INV20260017", "INV 2026.0017", "ІNV-2026-0017"])))),
    issued: wide(
      pick(["2026-11-22", "22.11.2026", "20261122", "22 Nov 2026", "November 22, 2026", "2026-11-22T08:00:00+08:00"]),
    ),
    currency: wide(cased(spaced("USD"))),
    amount: wide(pick(["48000.5", "48,000.50", "48.000,50", "48 000,5", "4.80005e4", "048000.500"])),
  };
}

function fullWidth(char: string): string {
  return String.fromCodePoint((char.codePointAt(0) ?? 0) + 0xfee0);
}
