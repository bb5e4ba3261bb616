import { expect } from "chai";
import type { Json } from "../../../src/core/strict-json.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { present } from "../../../src/documents/presentation.ts";
import { wrapOpenAttestation } from "../../../src/open-attestation/wrap-open-attestation.ts";
import { verify } from "../../../src/verification/verify.ts";
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
});
