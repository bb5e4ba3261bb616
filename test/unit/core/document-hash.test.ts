import { expect } from "chai";
import { id } from "ethers";
import { documentHash } from "../../../src/core/document-hash.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const TEXTS = [
  "",
  "a",
  ":",
  ": b",
  ",:",
  'quote " inside',
  "back\\slash",
  "12345678901234567890",
  "黄浦",
  "€\n\t",
  '{"a":1}',
];

function randomJson(random: SeededRandom, depth: number): Json {
  const kind = random.below(depth === 0 ? 4 : 6);
  const text = () => TEXTS[random.below(TEXTS.length)] ?? "";
  if (kind === 0) return random.below(2) === 0;
  if (kind === 1) return null;
  if (kind === 2) return random.between(-1_000_000, 1_000_000) / 8;
  if (kind === 3) return text();
  const children = Array.from({ length: random.below(5) }, () => randomJson(random, depth - 1));
  if (kind === 4) return children;
  return Object.fromEntries(children.map((child, index) => [`${text()}${index}`, child]));
}

/** The same document written by somebody else: other order of members, other white space. */
function rewritten(random: SeededRandom, value: Json): string {
  const space = () => [" ", "\n", "\t", "", "\r\n"][random.below(5)] ?? "";
  if (typeof value !== "object" || value === null) return `${space()}${JSON.stringify(value)}${space()}`;
  if (Array.isArray(value)) return `${space()}[${value.map((child) => rewritten(random, child)).join(",")}${space()}]`;
  const members = random.shuffled(Object.entries(value));
  const written = members.map(
    ([name, child]) => `${space()}${JSON.stringify(name)}${space()}:${rewritten(random, child)}`,
  );
  return `{${written.join(",")}${space()}}${space()}`;
}

describe("documentHash", () => {
  it("hashes the canonical form of the example in RFC 8785 §3.2", () => {
    const json = String.raw`{
      "numbers": [333333333.333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const canonical = String.raw`{"literals":[null,true,false],"numbers":[333333333.333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`;
    expect(documentHash(json)).to.equal(id(canonical));
  });

  it("sorts members by UTF-16 units as the example in RFC 8785 §3.2.3", () => {
    const json = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    const canonical =
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","ö":"Latin Small Letter O With Diaeresis",' +
      '"€":"Euro Sign","\u{1F600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}';
    expect(documentHash(json)).to.equal(id(canonical));
  });

  it("is the same for any order of members and any white space", () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 200; round++) {
      const document = randomJson(random, 3);
      const hash = documentHash(JSON.stringify(document));
      expect(documentHash(rewritten(random, document))).to.equal(hash);
    }
  });

  it("differs when the order of items or any value differs", () => {
    const hashes = ["[1,2]", "[2,1]", '["1",2]', '{"a":1}', '{"a":"1"}', '{"b":1}', "[]", "{}", "null"].map(
      documentHash,
    );
    expect(new Set(hashes)).to.have.length(hashes.length);
  });

  describe("refuses a member that is named twice", () => {
    for (const json of [
      '{"amount":1,"amount":2}',
      '{"amount":1,"amount":1}',
      '{"goods":[{"code":1},{"code":1,"code":2}]}',
      '{"a":{"b":{"c":1,"d":2,"c":3}}}',
      String.raw`{"a\"b":1,"a\"b":2}`,
      String.raw`{"amount":1,"\u0061mount":2}`,
      '{"a" \n : 1, "a"\t: 2}',
      '{"text":", :","a":1,"a":2}',
      '{"":1,"":2}',
      '{"__proto__":1,"__proto__":2}',
    ]) {
      it(json, () => {
        expect(() => documentHash(json)).to.throw(SyntaxError);
      });
    }
  });

  describe("takes strings that look like members", () => {
    for (const json of [
      '["a",":b"]',
      '{"remarks":["first",": second"]}',
      '{"a":"b",":c":"d"}',
      String.raw`{"a\"":1,"a":2}`,
      String.raw`["\"a\":", "\\", ":"]`,
      '{"a":{"b":1},"b":{"a":1}}',
      '[{"a":1},{"a":1}]',
      '{"__proto__":1,"constructor":2}',
    ]) {
      it(json, () => {
        expect(documentHash(json)).to.match(/^0x[0-9a-f]{64}$/);
      });
    }
  });

  describe("refuses numbers that readers could read differently", () => {
    for (const json of [
      "1234567890123456",
      "[-1234567890123456]",
      '{"a":0.1234567890123456}',
      '{"a":[{"b":9007199254740993}]}',
      "1234567890123456e-3",
      "[1000000000000000000]",
      "[1e400]",
      "[-1e400]",
      "[1e-400]",
      "[-1.23456e-320]",
    ]) {
      it(json, () => {
        expect(() => documentHash(json)).to.throw(SyntaxError);
      });
    }
  });

  describe("takes numbers that every reader reads alike", () => {
    for (const json of [
      "123456789012345",
      "-0.12345678901234",
      "0.000000000000000000001",
      "1e300",
      "[0,0.0,-0,0e9]",
      "[1,2,3,4,5,6,7,8,9,10,11]",
    ]) {
      it(json, () => {
        expect(documentHash(json)).to.equal(documentHash(JSON.stringify(JSON.parse(json))));
      });
    }
  });

  it("takes long digits in strings and in member names", () => {
    const json = String.raw`{"12345678901234567890":"98765432109876543210","b":"\"12345678901234567890"}`;
    expect(documentHash(json)).to.match(/^0x[0-9a-f]{64}$/);
  });

  describe("refuses what is no JSON", () => {
    for (const json of [
      "",
      "{",
      "{a:1}",
      "[1,]",
      "'a'",
      "NaN",
      "[01]",
      '"\n"',
      String.raw`"\ud800"`,
      String.raw`{"\udfff":1}`,
    ]) {
      it(JSON.stringify(json), () => {
        expect(() => documentHash(json)).to.throw(SyntaxError);
      });
    }
  });
});
