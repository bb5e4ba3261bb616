import { expect } from "chai";
import { currency, day, digest, identifier, lei, quantity, unit, year } from "../../../src/claims/normal-form.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const LEI = "8945HPUEXPORTER00095";

describe("the one spelling of a claim's fields", () => {
  describe("identifiers", () => {
    const spellings: Record<string, string[]> = {
      INV20260017: [
        "INV-2026/0017",
        "inv 2026 0017",
        "ＩＮＶ２０２６００１７",
        "I.N.V_2026–0017",
        "\u200bINV\u00ad20260017\u202e",
        " Ínv2026#0017",
        "INV\u02bc2026\u02b90017",
        "INV\u31642026\u115f0017\uffa0\u1160",
      ],
      ABC12: ["ABC-12", "АВС-12", "ΑΒC-12", "abc 00012", "ABC١٢", "Äbc 12"],
      "17": ["17", "0017", "000-017", "१७"],
      STRASSE1: ["Straße 1", "STRASSE-01"],
      发票9: ["发票-9", "发票 09"],
      "0": ["0", "000"],
      VIII4: ["Ⅷ-4", "viii 4"],
    };
    for (const [form, texts] of Object.entries(spellings)) {
      it(`reads ${form} in ${texts.length} spellings`, () => {
        for (const text of texts) expect(identifier(text), text).to.equal(form);
      });
    }

    it("keeps apart what differs in a letter, a digit, or a zero that counts", () => {
      const apart = ["INV-17", "INV-71", "INV-170", "INV-107", "JNV-17", "INV-17A", "INVA-17", "1-INV-7", "发票-17"];
      expect(new Set(apart.map(identifier)).size).to.equal(apart.length);
    });

    it("is the same when it is normalised again, whatever the text", () => {
      const random = new SeededRandom(43);
      let readable = 0;
      for (let round = 0; round < 3_000; ++round) {
        const text = `A${randomText(random, 12)}`;
        let form: string;
        try {
          form = identifier(text);
        } catch {
          continue; // characters that mean nothing
        }
        ++readable;
        expect(identifier(form), JSON.stringify(text)).to.equal(form);
        expect(identifier(text.normalize("NFD")), JSON.stringify(text)).to.equal(form);
        expect(identifier(text.normalize("NFC")), JSON.stringify(text)).to.equal(form);
      }
      expect(readable).to.be.greaterThan(500);
    });

    for (const text of ["", " ", "-/-", "\u0301", "💰", "A\ud800", "A\ue000", "A\u0378", "A".repeat(257)]) {
      it(`refuses ${JSON.stringify(text.slice(0, 8))} of ${text.length} characters`, async () => {
        await thrown("CLAIM_FIELD", () => identifier(text));
      });
    }
  });

  describe("quantities", () => {
    const spellings: Record<string, string[]> = {
      "1000": [
        "1000",
        "1000.00",
        "1,000.00",
        "1.000,00",
        "1 000,00",
        "1'000.00",
        "1’000",
        "1e3",
        "1.0E3",
        "1E+3",
        "01000",
        "１０００",
        "1\u202f000",
        "1000.000",
        "1,000.0",
        "١٠٠٠",
      ],
      "1234567.5": ["1234567.5", "1,234,567.50", "1.234.567,5", "1 234 567,5", "12,34,567.50", "1.2345675e6"],
      "1234567": ["1,234,567", "1.234.567", "12,34,567", "1_234_567"],
      "0.125": ["0.125", "0,125", "0.1250"],
      "12.5": ["12.5", "12,50", "1.25e1", "0012.5"],
    };
    for (const [form, texts] of Object.entries(spellings)) {
      it(`reads ${form} in ${texts.length} spellings`, () => {
        for (const text of texts) expect(quantity(text), text).to.equal(form);
      });
    }

    for (const text of ["1,000", "1.000", "12,345", "999.125"]) {
      it(`refuses ${text}, which is two numbers`, async () => {
        await thrown("CLAIM_FIELD", () => quantity(text));
      });
    }

    for (const text of [
      "",
      "0",
      "0.00",
      "-1",
      "1.2.3,4",
      "1,00.00",
      "1,2345,678",
      "1e-3",
      "1e100",
      "abc",
      "0x10",
      "1.",
      ".5",
      "1..5",
      "1,000,00",
      "NaN",
    ]) {
      it(`refuses ${JSON.stringify(text)}`, async () => {
        await thrown("CLAIM_FIELD", () => quantity(text));
      });
    }

    it("reads every way of writing a random amount as the same, and another amount as another", () => {
      const random = new SeededRandom(7);
      for (let round = 0; round < 2_000; ++round) {
        const whole = 1 + random.below(10 ** (1 + random.below(9)));
        const cents = random.below(100);
        const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, ",");
        const fraction = String(cents).padStart(2, "0");
        const form = quantity(`${whole}.${fraction}`);
        const swapped = grouped.replaceAll(",", ".");
        for (const text of [
          `${grouped}.${fraction}`,
          `${swapped},${fraction}`,
          `${whole}${fraction}.00`.replace(/(\d\d)\.00$/, ",$1"),
        ]) {
          expect(quantity(text), text).to.equal(form);
        }
        expect(quantity(`${whole}.${String((cents + 1) % 100).padStart(2, "0")}`)).not.to.equal(form);
        expect(quantity(`${whole + 1}.${fraction}`)).not.to.equal(form);
      }
    });
  });

  describe("days", () => {
    it("reads 2026-11-22 in every spelling that means one day", () => {
      const spellings = [
        "2026-11-22",
        "20261122",
        "2026/11/22",
        "2026.11.22",
        "22.11.2026",
        "22 Nov 2026",
        "22-NOV-2026",
        "22 november 2026",
        "Nov 22, 2026",
        "November 22, 2026",
        "2026年11月22日",
        "２０２６-11-22",
        "2026-11-22T23:59:59+08:00",
        "2026-11-22T00:00:00Z",
        "22. Nov. 2026",
      ];
      for (const text of spellings) expect(day(text), text).to.equal("2026-11-22");
      expect(day("2.3.2026")).to.equal("2026-03-02");
      expect(day("Sept 1 2026")).to.equal("2026-09-01");
      expect(year("22 Nov 2026")).to.equal("2026");
    });

    for (const text of [
      "",
      "11/12/2026",
      "11-12-2026",
      "22.11.26",
      "2026-02-29",
      "2026-13-01",
      "31 Jun 2026",
      "22 Nob 2026",
      "2026-11-22 10:00",
      "yesterday",
      "20261322",
    ]) {
      it(`refuses ${JSON.stringify(text)}`, async () => {
        await thrown("CLAIM_FIELD", () => day(text));
      });
    }
  });

  describe("codes", () => {
    it("reads them in any case, width and grouping", () => {
      expect(lei(" 8945 hpue xporter-00095")).to.equal(LEI);
      expect(currency("ｕｓｄ")).to.equal("USD");
      expect(unit("kgm ")).to.equal("KGM");
      expect(digest(`0x${"AB".repeat(32)}`)).to.equal("ab".repeat(32));
    });

    it("refuses what they are not", async () => {
      await thrown("CLAIM_FIELD", () => lei("8945HPUEXPORTER00096"));
      await thrown("CLAIM_FIELD", () => lei(""));
      await thrown("CLAIM_FIELD", () => currency("ABC"));
      await thrown("CLAIM_FIELD", () => unit("kilogrammes"));
      await thrown("CLAIM_FIELD", () => digest(`0x${"ab".repeat(31)}`));
      await thrown("CLAIM_FIELD", () => digest("ab".repeat(33)));
    });
  });
});

/** Of letters, digits and marks of many scripts, and much that is neither. */
function randomText(random: SeededRandom, length: number): string {
  const ranges = [
    [0x20, 0x7e],
    [0xa0, 0x24f],
    [0x300, 0x36f],
    [0x370, 0x52f],
    [0x600, 0x6ff],
    [0x1e00, 0x1fff],
    [0x2000, 0x218f],
    [0x4e00, 0x4fff],
    [0xfb00, 0xffef],
    [0x1d400, 0x1d7ff],
  ] as const;
  const points = Array.from({ length }, () => {
    const [first, last] = ranges[random.below(ranges.length)] ?? ranges[0];
    return random.between(first, last);
  });
  return String.fromCodePoint(...points);
}
