import canonicalize from "canonicalize";
import { expect } from "chai";
import { canonicalJson } from "../../../src/core/canonical-json.ts";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { parseStrictJson } from "../../../src/core/strict-json.ts";
import { errorOf } from "../../support/fakes/error-of.ts";
import { randomJson, rewritten } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

describe("canonicalJson", () => {
  it("writes literals and strings as the example in RFC 8785 §3.2", () => {
    const json = String.raw`{
      "numbers": [333333333.333333, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.333333,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(canonicalJson(parseStrictJson(json))).to.equal(canonical);
  });

  it("sorts members by UTF-16 units as the example in RFC 8785 §3.2.3", () => {
    const json = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const canonical =
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
      '"€":"Euro Sign","\u{1F600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}';
    expect(canonicalJson(parseStrictJson(json))).to.equal(canonical);
  });

  it("is what another implementation writes, for any spelling of a document", () => {
    const random = new SeededRandom(3);
    for (let round = 0; round < 300; round++) {
      const document = randomJson(random, 4);
      const canonical = canonicalJson(parseStrictJson(rewritten(random, document)));
      expect(canonical).to.equal(canonicalize(document));
      expect(parseStrictJson(canonical)).to.deep.equal(document);
    }
  });

  it("writes zero in one way", () => {
    expect(canonicalJson([0, -0])).to.equal("[0,0]");
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const inherited = JSON.parse('{"__proto__":1}') as object;
  for (const [name, value, code, path] of [
    ["undefined", { a: undefined }, "JSON_VALUE", ["a"]],
    ["a gap in an array", Array(1), "JSON_VALUE", [0]],
    ["a function", [() => 1], "JSON_VALUE", [0]],
    ["a bigint", { a: 1n }, "JSON_VALUE", ["a"]],
    ["a date", { a: new Date(0) }, "JSON_VALUE", ["a"]],
    ["a map", [new Map()], "JSON_VALUE", [0]],
    ["not a number", [Number.NaN], "JSON_NUMBER", [0]],
    ["infinity", [Number.NEGATIVE_INFINITY], "JSON_NUMBER", [0]],
    ["more digits than every reader keeps", { a: 0.1 + 0.2 }, "JSON_NUMBER", ["a"]],
    ["more than 2^53", [2 ** 53], "JSON_NUMBER", [0]],
    ["too near to 0", [Number.MIN_VALUE], "JSON_NUMBER", [0]],
    ["half of a surrogate pair", ["a\ud800"], "JSON_LONE_SURROGATE", [0]],
    ["half of a surrogate pair in a name", { a: { "\udc00": 1 } }, "JSON_LONE_SURROGATE", ["a"]],
    ["__proto__", { a: [inherited] }, "JSON_FORBIDDEN_NAME", ["a", 0]],
    ["a cycle", cycle, "JSON_TOO_DEEP", Array(64).fill(0)],
  ] as [string, unknown, ErrorCode, unknown[]][]) {
    it(`refuses ${name}`, () => {
      const error = errorOf(() => canonicalJson(value));
      expect(error.code).to.equal(code);
      expect(error.fields).to.deep.equal({ path });
    });
  }
});
