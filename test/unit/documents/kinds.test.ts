import { readFileSync } from "node:fs";
import { expect } from "chai";
import { z } from "zod";
import { formatJsonPath, type JsonPath } from "../../../src/core/json-path.ts";
import { jsonSchemaOf } from "../../../src/documents/json-schema.ts";
import { documentKinds, isKindName, kindNames, kindOf } from "../../../src/documents/kinds.ts";
import { validateDocument } from "../../../src/documents/validate.ts";
import { changed, everyPath, exampleDocument, valueAt } from "../../support/fakes/example-documents.ts";

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  required?: readonly string[];
}

/** Whether a schema of others, read by itself, requires the member at a path. */
function isRequired(root: JsonSchema, path: JsonPath): boolean {
  const resolve = (schema: JsonSchema): JsonSchema =>
    schema.$ref === undefined ? schema : resolve(root.$defs?.[schema.$ref.replace("#/$defs/", "")] ?? {});
  let schema = resolve(root);
  for (const step of path.slice(0, -1)) {
    const next = typeof step === "number" ? schema.items : schema.properties?.[step];
    schema = resolve(next ?? {});
  }
  return schema.required?.includes(String(path.at(-1))) ?? false;
}

/** A value of another type. */
function otherType(value: unknown): unknown {
  return typeof value === "string" ? 7 : "seven";
}

describe("kinds of documents", () => {
  it("have the codes of UNTDID 1001", () => {
    const codes = Object.fromEntries(kindNames.map((kind) => [kind, documentKinds[kind].type]));
    expect(codes).to.deep.equal({
      "commercial-invoice": 380,
      "purchase-order": 105,
      "packing-list": 271,
      "bill-of-lading": 705,
      "customs-declaration": 830,
      "certificate-of-origin": 861,
      "insurance-certificate": 520,
      "inspection-certificate": 856,
      "warehouse-receipt": 635,
    });
    expect(kindNames.map((kind) => kindOf(documentKinds[kind].type))).to.deep.equal(kindNames);
    expect(kindOf(999)).to.equal(undefined);
    expect([isKindName("bill-of-lading"), isKindName("toString"), isKindName("bill")]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  for (const kind of kindNames) {
    describe(kind, () => {
      const example: object = exampleDocument(kind);
      const schema = jsonSchemaOf(kind) as JsonSchema;
      const members = [...everyPath(example)].filter((path) => typeof path.at(-1) === "string");

      it("is published as the code has it", () => {
        const file = new URL(`../../../schemas/${kind}.schema.json`, import.meta.url);
        expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(JSON.parse(JSON.stringify(schema)));
      });

      it("accepts its example", () => {
        expect(validateDocument(kind, example)).to.deep.equal([]);
      });

      it("says the path of each required member that is missing", () => {
        const required = members.filter((path) => isRequired(schema, path));
        expect(required.length).to.be.greaterThan(18);
        for (const path of required) {
          const faults = validateDocument(kind, changed(example, path, undefined));
          expect(
            faults.map(({ path, code }) => `${code} ${path}`),
            formatJsonPath(path),
          ).to.include(`REQUIRED ${formatJsonPath(path)}`);
          expect(faults).to.have.length(1);
        }
      });

      it("requires nothing else, unless another member demands it", () => {
        for (const path of members.filter((each) => !isRequired(schema, each))) {
          const codes = validateDocument(kind, changed(example, path, undefined)).map(({ code }) => code);
          expect(
            codes.filter((code) => code !== "VALUE"),
            formatJsonPath(path),
          ).to.deep.equal([]);
        }
      });

      it("says the path of each value of another type", () => {
        for (const path of everyPath(example)) {
          const faults = validateDocument(kind, changed(example, path, otherType(valueAt(example, path))));
          expect(
            faults.map((fault) => fault.path),
            formatJsonPath(path),
          ).to.deep.equal([formatJsonPath(path)]);
          expect(faults[0]?.code).to.be.oneOf(["TYPE", "VALUE"]);
        }
      });

      it("refuses null, an empty text and an empty list wherever there is a value", () => {
        for (const path of everyPath(example)) {
          const value = valueAt(example, path);
          const faults = validateDocument(kind, changed(example, path, null));
          expect(
            faults.map((fault) => fault.path),
            formatJsonPath(path),
          ).to.include(formatJsonPath(path));
          if (kind === "bill-of-lading" || typeof value !== "string") continue;
          const emptied = validateDocument(kind, changed(example, path, ""));
          expect(
            emptied.map((fault) => fault.path),
            formatJsonPath(path),
          ).to.include(formatJsonPath(path));
        }
      });

      it("refuses a member that it does not know, at every level", () => {
        const objects = [[], ...everyPath(example)].filter((path) => {
          const value = valueAt(example, path);
          return typeof value === "object" && value !== null && !Array.isArray(value);
        });
        for (const path of objects) {
          const stray = [...path, "strayMember"];
          const faults = validateDocument(kind, changed(example, stray, "?"));
          expect(faults.map(({ path, code }) => `${code} ${path}`)).to.deep.equal([`UNKNOWN ${formatJsonPath(stray)}`]);
        }
      });

      it("refuses what is no object", () => {
        for (const data of [null, [], [example], "text", 7, undefined]) {
          const [fault, ...others] = validateDocument(kind, data);
          expect(fault?.path).to.equal("$");
          expect(others).to.deep.equal([]);
        }
      });

      it("publishes a schema that accepts its example, and refuses it without what is required", () => {
        const published = z.fromJSONSchema(jsonSchemaOf(kind) as Parameters<typeof z.fromJSONSchema>[0]);
        const parsed = published.safeParse(example);
        expect(parsed.error?.issues ?? []).to.deep.equal([]);
        for (const path of members.filter((each) => each.length === 1 && isRequired(schema, each))) {
          expect(published.safeParse(changed(example, path, undefined)).success, formatJsonPath(path)).to.equal(false);
        }
        expect(published.safeParse({ ...example, strayMember: 1 }).success).to.equal(false);
      });

      if (kind === "bill-of-lading") return;
      it("has an example with every member that there can be", () => {
        const shown = new Set(members.map((path) => path.filter((step) => typeof step === "string").join(".")));
        for (const name of Object.keys(schema.properties ?? {})) expect(shown.has(name), name).to.equal(true);
      });
    });
  }
});
