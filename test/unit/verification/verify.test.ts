import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { batchOf } from "../../../src/documents/batch.ts";
import { present } from "../../../src/documents/presentation.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { wrapOpenAttestation } from "../../../src/open-attestation/wrap-open-attestation.ts";
import type { DocumentChain, DocumentIssuer, RegisteredDocument } from "../../../src/verification/document-chain.ts";
import type { Verification } from "../../../src/verification/fragment.ts";
import type { KindRules } from "../../../src/verification/policy.ts";
import { verify } from "../../../src/verification/verify.ts";
import {
  ANCHORED_AT,
  AnsweringChain,
  active,
  ISSUER,
  LEI,
  silent,
  trusted,
} from "../../support/documents/answering-chain.ts";
import { bill, wrappedBill } from "../../support/documents/bill.ts";

const OTHER_LEI = "529900T8BM49AURSDO55";
const RIVAL: Hex = `0x${"2".repeat(40)}`;

const kinds: KindRules = (kind) =>
  kind === "bill-of-lading"
    ? {
        type: 705,
        faultsOf: ({ toOrder }) =>
          typeof toOrder === "boolean" ? [] : [{ path: "$.toOrder", message: "is required: add true or false" }],
        issuerLei: (fields) => {
          const value = fields.find(({ path }) => path.join(".") === "carrier.lei")?.value;
          return typeof value === "string" ? value : undefined;
        },
      }
    : undefined;

function registered(changes: Partial<RegisteredDocument> = {}): AnsweringChain {
  const chain = new AnsweringChain();
  chain.alone.set(wrappedBill().hash, { ...active, ...changes });
  return chain;
}

function issuedBy(changes: Partial<DocumentIssuer>): AnsweringChain {
  const chain = registered();
  chain.issuers.set(ISSUER, { ...trusted, ...changes });
  return chain;
}

/** One line for each fragment. */
function lines({ fragments }: Verification): string[] {
  return fragments.map(({ name, result, code }) => `${name} ${result} ${code}`);
}

const UNASKED = ["status SKIPPED NO_CHAIN", "issuer SKIPPED NO_CHAIN"];
const INTACT = "integrity VALID INTACT";

describe("verify", () => {
  it("says all four of a document that is registered, stands, and is what the verifier takes", async () => {
    const policy = { kinds: ["bill-of-lading"], issuers: [LEI], maxAgeSeconds: 60 };
    const now = () => ANCHORED_AT + 60;
    const verification = await verify(JSON.stringify(wrappedBill()), { chain: registered(), kinds, policy, now });
    expect(lines(verification)).to.deep.equal([
      INTACT,
      "status VALID ACTIVE",
      "issuer VALID ISSUER_CONFIRMED",
      "policy VALID ACCEPTED",
    ]);
    expect(verification).to.include({ valid: true });
    expect(verification.warnings).to.deep.equal([]);
    for (const { message } of verification.fragments) expect(message).to.match(/^[A-Z].*\.$/);
  });

  it("asks no chain and no policy when it has none", async () => {
    const verification = await verify(wrappedBill());
    expect(lines(verification)).to.deep.equal([INTACT, ...UNASKED, "policy SKIPPED NO_POLICY"]);
    expect(verification.valid).to.equal(true);
  });

  it("takes the text of a presentation, and warns that not all was checked", async () => {
    const presentation = present(wrappedBill(), [["goods"]]);
    const verification = await verify(JSON.stringify(presentation), { chain: registered(), kinds });
    expect(verification.valid).to.equal(true);
    expect(verification.warnings.map(({ code }) => code)).to.deep.equal(["FIELDS_HIDDEN"]);
  });

  describe("says of integrity", () => {
    const text = JSON.stringify(wrappedBill());
    for (const [name, document, code] of [
      ["no JSON", "{", "JSON_SYNTAX"],
      ["a member that is named twice", `${text.slice(0, -1)},"kind":"packing-list"}`, "JSON_DUPLICATE_NAME"],
      ["more data behind it", `${text}{}`, "JSON_TRAILING_DATA"],
      ["another value", { ...wrappedBill(), data: { ...bill, toOrder: false } }, "DOCUMENT_HASH_MISMATCH"],
      ["no format", {}, "DOCUMENT_FORMAT_UNKNOWN"],
      ["nothing", null, "DOCUMENT_FORMAT_UNKNOWN"],
      ["a list", [wrappedBill()], "DOCUMENT_FORMAT_UNKNOWN"],
      [
        "a proof of another batch",
        { ...wrappedBill(), batch: { root: wrappedBill().hash, size: 1, index: 0, path: [] } },
        "BATCH_PROOF_MISMATCH",
      ],
    ] as const) {
      it(`${code} with ${name}, and asks nothing else`, async () => {
        const verification = await verify(document, { chain: silent, kinds, policy: {} });
        const others = ["status", "issuer", "policy"].map((each) => `${each} SKIPPED NOT_INTACT`);
        expect(lines(verification)).to.deep.equal([`integrity INVALID ${code}`, ...others]);
        expect(verification.valid).to.equal(false);
      });
    }
  });

  describe("says of status and issuer", () => {
    const replacement: Hex = `0x${"5".repeat(64)}`;
    const nobody = new AnsweringChain();
    const stranger = registered({ issuer: RIVAL });
    for (const [chain, status, issuer] of [
      [nobody, "INVALID NOT_REGISTERED", "SKIPPED NO_REGISTRATION"],
      [registered({ state: "revoked" }), "INVALID REVOKED", "VALID ISSUER_CONFIRMED"],
      [registered({ state: "superseded", replacement }), "INVALID SUPERSEDED", "VALID ISSUER_CONFIRMED"],
      [silent, "ERROR CHAIN_UNREACHABLE", "SKIPPED NO_REGISTRATION"],
      [stranger, "VALID ACTIVE", "INVALID ISSUER_UNKNOWN"],
      [issuedBy({ active: false }), "VALID ACTIVE", "INVALID ISSUER_INACTIVE"],
      [issuedBy({ accredited: false }), "VALID ACTIVE", "INVALID ISSUER_NOT_ACCREDITED"],
      [issuedBy({ lei: OTHER_LEI }), "VALID ACTIVE", "INVALID ISSUER_MISMATCH"],
    ] as [DocumentChain, string, string][]) {
      it(`${status}, ${issuer}`, async () => {
        const verification = await verify(wrappedBill(), { chain, kinds });
        expect(lines(verification).slice(1, 3)).to.deep.equal([`status ${status}`, `issuer ${issuer}`]);
        expect(verification.valid).to.equal(false);
      });
    }

    it("which document took its place", async () => {
      const chain = registered({ state: "superseded", replacement });
      const { fragments } = await verify(wrappedBill(), { chain, kinds });
      expect(fragments[1]?.message).to.include(replacement);
    });

    it("ERROR when the chain falls silent in between", async () => {
      const chain = registered();
      chain.issuerOf = silent.issuerOf;
      const verification = await verify(wrappedBill(), { chain, kinds });
      expect(lines(verification)[2]).to.equal("issuer ERROR CHAIN_UNREACHABLE");
      expect(verification.valid).to.equal(false);
    });

    it("INVALID when the document hides its issuer", async () => {
      const presentation = present(wrappedBill(), [["carrier", "lei"]]);
      const verification = await verify(presentation, { chain: registered(), kinds });
      expect(lines(verification)[2]).to.equal("issuer INVALID ISSUER_NOT_SHOWN");
    });

    it("ERROR when nobody told where a document names its issuer", async () => {
      const verification = await verify(wrappedBill(), { chain: registered() });
      expect(lines(verification)[2]).to.equal("issuer ERROR ISSUER_NOT_COMPARED");
      expect(verification.valid).to.equal(false);
    });
  });

  describe("says of a document in batches", () => {
    async function inTwoBatches() {
      const document = wrappedBill();
      const others = [wrap(bill, "bill-of-lading").hash, wrap(bill, "bill-of-lading").hash];
      const [one, two] = [await batchOf([document.hash, ...others]), await batchOf([...others, document.hash])];
      return {
        chain: new AnsweringChain(),
        one: { ...document, batch: one.proof(0) },
        two: { ...document, batch: two.proof(2) },
      };
    }

    it("that it stands under one root while it is revoked under another", async () => {
      const { chain, one, two } = await inTwoBatches();
      chain.inBatch.set(one.batch.root + one.hash, { ...active, state: "revoked" });
      chain.inBatch.set(two.batch.root + two.hash, active);
      expect(lines(await verify(one, { chain, kinds }))[1]).to.equal("status INVALID REVOKED");
      expect(lines(await verify(two, { chain, kinds }))[1]).to.equal("status VALID ACTIVE");
    });

    it("that it is not registered when its batch is not, nor by itself", async () => {
      const { chain, one, two } = await inTwoBatches();
      chain.inBatch.set(one.batch.root + one.hash, active);
      const { batch: _, ...alone } = one;
      expect(lines(await verify(two, { chain, kinds }))[1]).to.equal("status INVALID NOT_REGISTERED");
      expect(lines(await verify(alone, { chain, kinds }))[1]).to.equal("status INVALID NOT_REGISTERED");
    });

    it("that it was revoked by itself, when its issuer did so, and not when somebody else did", async () => {
      const { chain, one } = await inTwoBatches();
      chain.inBatch.set(one.batch.root + one.hash, active);
      chain.alone.set(one.hash, { ...active, state: "revoked" });
      expect(lines(await verify(one, { chain, kinds }))[1]).to.equal("status INVALID REVOKED");
      chain.alone.set(one.hash, { ...active, state: "revoked", issuer: RIVAL });
      expect(lines(await verify(one, { chain, kinds }))[1]).to.equal("status VALID ACTIVE");
    });

    it("that it stands by itself though nobody registered its batch, once the batch is left out", async () => {
      const { chain, one } = await inTwoBatches();
      chain.alone.set(one.hash, active);
      const { batch: _, ...alone } = one;
      expect(lines(await verify(one, { chain, kinds }))[1]).to.equal("status INVALID NOT_REGISTERED");
      expect(lines(await verify(alone, { chain, kinds }))[1]).to.equal("status VALID ACTIVE");
    });
  });

  describe("says of the policy", () => {
    const now = () => ANCHORED_AT + 1_000;
    const unsound = wrap({ ...bill, toOrder: "yes" }, "bill-of-lading");
    const presented = present(unsound, [["toOrder"]]);
    const ruled = { kinds, policy: { kinds: ["bill-of-lading"] } };
    for (const [name, document, options, expected] of [
      ["an unknown kind", wrap(bill, "love-letter"), { kinds }, "INVALID KIND_UNKNOWN"],
      ["faults of the schema", unsound, { kinds }, "INVALID SCHEMA_FAULT"],
      ["no faults", wrappedBill(), { kinds }, "VALID ACCEPTED"],
      ["hidden fields, of which no schema can be asked", presented, { kinds }, "SKIPPED SCHEMA_NOT_ASKED"],
      ["hidden fields, by a rule that holds all the same", presented, ruled, "VALID ACCEPTED"],
      [
        "another type than the registered one",
        wrappedBill(),
        { kinds, chain: registered({ documentType: 380 }) },
        "INVALID KIND_NOT_AS_REGISTERED",
      ],
      [
        "a kind that is not accepted",
        wrappedBill(),
        { policy: { kinds: ["packing-list"] } },
        "INVALID KIND_NOT_ACCEPTED",
      ],
      [
        "an issuer that is not accepted",
        wrappedBill(),
        { chain: registered(), policy: { issuers: [OTHER_LEI] } },
        "INVALID ISSUER_NOT_ACCEPTED",
      ],
      ["issuers, and no chain", wrappedBill(), { policy: { issuers: [LEI] } }, "ERROR POLICY_NEEDS_CHAIN"],
      [
        "issuers, and a silent chain",
        wrappedBill(),
        { chain: silent, policy: { issuers: [LEI] } },
        "ERROR POLICY_NEEDS_CHAIN",
      ],
      [
        "a document that is too old",
        wrappedBill(),
        { chain: registered(), policy: { maxAgeSeconds: 999 } },
        "INVALID TOO_OLD",
      ],
      [
        "a document that is just young enough",
        wrappedBill(),
        { chain: registered(), policy: { maxAgeSeconds: 1_000 } },
        "VALID ACCEPTED",
      ],
      ["an age, and no chain", wrappedBill(), { policy: { maxAgeSeconds: 1 } }, "ERROR POLICY_NEEDS_CHAIN"],
      ["rules without content", wrappedBill(), { policy: {} }, "SKIPPED NO_POLICY"],
      ["rules without content, and kinds", wrappedBill(), { policy: {}, kinds }, "VALID ACCEPTED"],
    ] as const) {
      it(`${expected} with ${name}`, async () => {
        const verification = await verify(document, { ...options, now });
        expect(lines(verification)[3]).to.equal(`policy ${expected}`);
        if (!/^(VALID|SKIPPED)/.test(expected)) expect(verification.valid).to.equal(false);
      });
    }

    it("which faults there are", async () => {
      const { fragments } = await verify(unsound, { kinds });
      expect(fragments[3]?.message).to.include("$.toOrder is required");
    });
  });

  describe("of an OpenAttestation document", () => {
    const document = () => structuredClone(wrapOpenAttestation([{ name: "Bill" }])[0]);

    it("says that it is intact, and what is not bound", async () => {
      const verification = await verify(JSON.stringify({ ...document(), extra: 1 }), { kinds, policy: {} });
      expect(lines(verification)).to.deep.equal([INTACT, ...UNASKED, "policy SKIPPED NO_POLICY"]);
      expect(verification.valid).to.equal(true);
      expect(verification.warnings.map(({ code }) => code)).to.include("MEMBER_UNBOUND");
    });

    it("does not say that it stands when it is to ask a chain, which has no such documents", async () => {
      const verification = await verify(document(), { chain: registered(), kinds });
      expect(lines(verification).slice(1, 3)).to.deep.equal([
        "status ERROR REGISTERED_ELSEWHERE",
        "issuer SKIPPED NO_REGISTRATION",
      ]);
      expect(verification.valid).to.equal(false);
    });

    it("does not take it for one of ours, nor one of ours for it", async () => {
      for (const huangpu of ["document/1", "presentation/1", "document/2", null]) {
        expect((await verify({ ...document(), huangpu })).valid, String(huangpu)).to.equal(false);
      }
    });

    it("says that it was changed", async () => {
      const changed = JSON.stringify(document()).replace(":string:Bill", ":string:Bull");
      expect(lines(await verify(changed))[0]).to.equal("integrity INVALID CONTENT_CHANGED");
    });

    it("accepts it for no kind", async () => {
      const verification = await verify(document(), { policy: { kinds: ["bill-of-lading"] } });
      expect(lines(verification)[3]).to.equal("policy INVALID KIND_NOT_ACCEPTED");
    });
  });
});
