import {
  getData,
  obfuscate,
  type v2,
  validateSchema,
  verifySignature,
  wrapDocuments,
} from "@govtechsg/open-attestation";
import { expect } from "chai";
import type { Json, JsonObject } from "../../../src/core/strict-json.ts";
import { kindNames } from "../../../src/documents/kinds.ts";
import { exampleOf } from "../../../src/documents/template.ts";
import { wrap } from "../../../src/documents/wrapped-document.ts";
import { exportDocuments } from "../../../src/open-attestation/export-document.ts";
import type { WrappedOpenAttestation } from "../../../src/open-attestation/format.ts";
import { redactOpenAttestation } from "../../../src/open-attestation/redact-open-attestation.ts";
import { verifyOpenAttestation } from "../../../src/open-attestation/verify-open-attestation.ts";
import { exportOptions, invoice, packingList, randomData } from "../../support/fakes/open-attestation.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

type Theirs = v2.WrappedDocument;

const ISSUERS = [
  {
    name: "Demo Carrier",
    documentStore: "0x49b2969bF0E4aa822023a9eA2293b24E4518C1DD",
    identityProof: { type: "DNS-TXT", location: "carrier.example" },
  },
];

/** What we refuse although they take it: others could read such a document differently. */
const STRICTER = new Set(["SALT_MALFORMED", "HASH_MALFORMED", "HASH_UPPER_CASE", "NAME_EMPTY", "FIELD_TWICE"]);

/** Some input makes their library throw. */
function theyAccept(document: unknown): boolean {
  try {
    return verifySignature(document as Theirs);
  } catch {
    return false;
  }
}

function wrapWithTheirs(documents: readonly JsonObject[]): Theirs[] {
  return wrapDocuments(
    documents.map((data) => ({ ...data, issuers: ISSUERS })) as unknown as v2.OpenAttestationDocument[],
  );
}

const asText = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Every place in a document that holds something, with the object or array that it is in. */
function* places(value: Json): Generator<{ container: Json[] | JsonObject; name: string }> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    yield { container: value, name };
    yield* places(inner);
  }
}

/** What one random change makes of a value: as an attacker or a faulty tool would. */
const changes: readonly ((value: Json, stranger: Json) => Json)[] = [
  (_, stranger) => stranger,
  () => null,
  () => ({}),
  () => [],
  (value) => asWord(value).toUpperCase(),
  (value) => asWord(value).replace(/.$/s, "0"),
  (value) => asWord(value).replace(":string:", ":number:"),
  (value) => `${asWord(value)} `,
  (value) => (Array.isArray(value) ? value.toReversed() : value),
  (value) => (Array.isArray(value) ? { ...(value as unknown as JsonObject) } : value),
  (value) => (Array.isArray(value) ? [...value, ...value.slice(0, 1)] : value),
  (value, stranger) => (Array.isArray(value) ? [...value, stranger] : value),
  (value, stranger) => (typeof value === "object" ? { ...value, more: stranger } : value),
  (value, stranger) => (typeof value === "object" ? { "": stranger, ...value } : value),
  (value) => ({ "": value }),
];

const asWord = (value: Json): string => (typeof value === "string" ? value : "");

/** One change somewhere, with what is somewhere else in one of the documents; or a member gone, or by another name. */
function mutate(document: JsonObject, others: readonly JsonObject[], random: SeededRandom): string {
  const pick = (value: JsonObject) => {
    const all = [...places(value)];
    const place = all[random.below(all.length)] ?? { container: value, name: "" };
    return { name: place.name, container: place.container as JsonObject };
  };
  const { container, name } = pick(document);
  const donor = pick(structuredClone(others[random.below(others.length)] ?? {}));
  const value = container[name] ?? null;
  const kind = random.below(changes.length + 2);
  const change = changes[kind];
  if (change !== undefined) container[name] = change(value, donor.container[donor.name] ?? null);
  else if (kind === changes.length || Array.isArray(container)) delete container[name];
  else container[`${name}x`] = value;
  return `${kind} ${name}`;
}

describe("beside the library of OpenAttestation", () => {
  it("takes what we export: alone, in a batch, redacted, by its schema, with the same values", () => {
    const stores = ["documentStore", "tokenRegistry", "certificateStore"] as const;
    for (const kind of stores) {
      const issuer = { ...exportOptions.issuer, store: { ...exportOptions.issuer.store, kind } };
      const batch = exportDocuments([invoice, packingList, invoice, packingList, invoice], {
        ...exportOptions,
        issuer,
      });
      const alone = exportDocuments([invoice], { ...exportOptions, issuer });
      const redacted = [...batch, ...alone].map((each) => redactOpenAttestation(each, ["huangpu.kind", "$template"]));
      for (const document of [...batch, ...alone, ...redacted].map(asText)) {
        expect(theyAccept(document)).to.equal(true);
        expect(validateSchema(document as unknown as Theirs)).to.equal(true);
        expect(getData(document as unknown as Theirs)).to.deep.equal(verifyOpenAttestation(document).content?.data);
      }
    }
  });

  it("takes the example of every kind of document that we know", () => {
    for (const kind of kindNames) {
      const data = exampleOf(kind);
      const { hash } = wrap(data, kind);
      const [exported] = exportDocuments([{ kind, data, hash }], exportOptions).map(asText);
      expect(theyAccept(exported), kind).to.equal(true);
      expect(validateSchema(exported as unknown as Theirs), kind).to.equal(true);
      expect(getData(exported as unknown as Theirs), kind).to.deep.include(data);
    }
  });

  it("and we take what it wraps: random documents, with the same values", () => {
    const random = new SeededRandom(77);
    for (let run = 0; run < 150; run++) {
      const raw = Array.from({ length: random.between(1, 6) }, () => randomData(random));
      const wrapped = wrapWithTheirs(raw).map(asText);
      for (const [index, document] of wrapped.entries()) {
        const { content, finding } = verifyOpenAttestation(document);
        expect(finding.code).to.equal("CONTENT_UNCHANGED");
        expect(content?.data).to.deep.equal({ ...raw[index], issuers: ISSUERS });
      }
    }
  });

  it("and we take what it redacts", () => {
    const [wrapped] = wrapWithTheirs([invoice.data]);
    if (wrapped === undefined) throw new Error("Nothing was wrapped");
    const redacted = asText(obfuscate(wrapped, ["seller.address.street", "total", "lines"]));
    expect(verifyOpenAttestation(redacted).content?.hiddenFields).to.equal(6);
    expect(theyAccept(redactOpenAttestation(asText(wrapped) as unknown as WrappedOpenAttestation, ["total"]))).to.equal(
      true,
    );
  });

  it("gives its verdict on random changes, or a warning, or one of the refusals that are ours alone", () => {
    const random = new SeededRandom(4_711);
    const tally = { both: 0, neither: 0, warned: 0, stricter: 0 };
    for (let run = 0; run < 400; run++) {
      const raw = Array.from({ length: random.between(1, 4) }, () => randomData(random));
      const batch =
        random.below(2) === 0
          ? wrapWithTheirs(raw)
          : exportDocuments(
              raw.map((data) => ({ ...invoice, data })),
              exportOptions,
            );
      const documents = asText(batch) as unknown as JsonObject[];
      for (const original of documents.slice(0, 2)) {
        const changed = structuredClone(original);
        const what = mutate(changed, documents, random);
        const document = asText(changed);
        const [ours, theirs] = [verifyOpenAttestation(document), theyAccept(document)];
        const told = `${what}: ${ours.finding.code}, theirs ${theirs} ${JSON.stringify(document)}`;
        if (ours.valid) expect(theirs, told).to.equal(true);
        if (theirs && !ours.valid) expect(STRICTER, told).to.include(ours.finding.code);
        if (ours.valid && ours.warnings.length === 0) {
          const same = verifyOpenAttestation(original).content?.data;
          expect(ours.content?.data, told).to.deep.equal(same);
        }
        tally[outcome(ours.valid, ours.warnings.length > 0, theirs)]++;
      }
    }
    for (const count of Object.values(tally)) expect(count, JSON.stringify(tally)).to.be.above(3);
  });
});

function outcome(valid: boolean, warned: boolean, theirs: boolean): "both" | "neither" | "warned" | "stricter" {
  if (!valid) return theirs ? "stricter" : "neither";
  return warned ? "warned" : "both";
}
