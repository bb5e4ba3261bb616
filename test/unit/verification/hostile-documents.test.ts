import { expect } from "chai";
import type { Json } from "../../../src/core/strict-json.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { present } from "../../../src/documents/presentation.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { wrapOpenAttestation } from "../../../src/open-attestation/wrap-open-attestation.ts";
import type { KindRules } from "../../../src/verification/policy.ts";
import { verify } from "../../../src/verification/verify.ts";
import { AnsweringChain, active } from "../../support/documents/answering-chain.ts";
import { wrappedBill } from "../../support/documents/bill.ts";
import { randomJson } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { spoil } from "../../support/fakes/spoilt.ts";

describe("verify, of whatever somebody sends,", () => {
  it("finds nothing valid that one change has made of a document, and throws nothing", async () => {
    const document = wrappedBill();
    const batch = (await batchOf([document.hash, `0x${"1".repeat(64)}`])).proof(0);
    for (const intact of [
      { ...document, batch },
      { ...present(document, [["goods"]]), batch },
    ]) {
      expect((await verify(JSON.stringify(intact))).valid).to.equal(true);
      for (const { change, value } of spoil(intact as unknown as Json)) {
        if (change === "$.batch gone") continue;
        const { valid, fragments } = await verify(JSON.stringify(value));
        expect(valid, change).to.equal(false);
        expect(fragments[0], change).to.include({ name: "integrity", result: "INVALID" });
      }
    }
  });

  it("throws nothing for any JSON, or JSON in the place of any part of a document", async () => {
    const random = new SeededRandom(8);
    const documents = [wrappedBill(), present(wrappedBill(), [["goods"]]), ...wrapOpenAttestation([{ a: [1] }])];
    for (let round = 0; round < 300; round++) {
      expect((await verify(JSON.stringify(randomJson(random, 4)))).valid).to.equal(false);
      for (const document of documents) {
        const names = Object.keys(document);
        const name = names[random.below(names.length)] ?? "";
        const { fragments } = await verify(JSON.stringify({ ...document, [name]: randomJson(random, 3) }));
        expect(fragments.map((each) => each.name)).to.deep.equal(["integrity", "status", "issuer", "policy"]);
      }
    }
  });

  for (const [name, value] of Object.entries({
    undefined: undefined,
    "a bigint": 1n,
    "a symbol": Symbol("huangpu"),
    "a function": wrappedBill,
    "a map": new Map([["huangpu", "document/1"]]),
    "inherited members": Object.create(wrappedBill()) as unknown,
    "an object without a prototype": Object.assign(Object.create(null) as object, { huangpu: "document/1" }),
    "a document in an array": [wrappedBill()],
    bytes: Buffer.from(JSON.stringify(wrappedBill())),
  })) {
    it(`does not take ${name} for a document`, async () => {
      const { fragments } = await verify(value);
      expect(fragments[0]?.result).to.equal("INVALID");
    });
  }

  it("quotes it on one line, in what a terminal can show, and no more of it than anybody reads", async () => {
    const chain = new AnsweringChain();
    const lei = "X\n  status     VALID    ACTIVE\u001b[2J\u009b\u202e";
    const document = wrap({ carrier: { lei } }, "bill-of-lading");
    chain.alone.set(document.hash, active);
    const kinds: KindRules = () => ({ type: 705, faultsOf: () => [], issuerLei: () => lei });
    const quoted = [
      await verify(document, { chain, kinds }),
      await verify(JSON.stringify({ ...document, ["\u202e\u009b".repeat(1_000)]: 1 })),
      await verify(`{"${"\u009b".repeat(100_000)}":1e999}`),
      await verify(wrapOpenAttestation([{ a: 1 }]).map((each) => ({ ...each, ["\u202e\n".repeat(1_000)]: 1 }))[0]),
    ];
    expect(quoted[0]?.fragments[2]?.message).to.include("X status VALID ACTIVE\ufffd[2J\ufffd\ufffd");
    for (const { message } of quoted.flatMap(({ fragments, warnings }) => [...fragments, ...warnings])) {
      expect(message).to.match(/^[^\p{Cc}\p{Cf}]{1,1000}$/u);
    }
  });
});
