import { expect } from "chai";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { MAX_JSON_DEPTH, MAX_JSON_LENGTH, parseStrictJson } from "../../../src/core/strict-json.ts";
import { codeOf, errorOf } from "../../support/fakes/error-of.ts";
import { randomJson, rewritten } from "../../support/fakes/random-json.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const REFUSED: readonly (readonly [ErrorCode, readonly string[]])[] = [
  [
    "JSON_SYNTAX",
    [
      "",
      " ",
      "{",
      "[",
      '"',
      '"a',
      String.raw`"a\"`,
      '"\\',
      "{a:1}",
      "{'a':1}",
      '{"a" 1}',
      '{"a":}',
      '{"a":1,}',
      '{,"a":1}',
      '{"a":1 "b":2}',
      "[1,]",
      "[,1]",
      "[1 2]",
      "[1}",
      '{"a":1]',
      "NaN",
      "Infinity",
      "-",
      "+1",
      ".5",
      "tru",
      "True",
      "nulL",
      "undefined",
      "'a'",
      '"\n"',
      '"\u0000"',
      '"\t"',
      String.raw`"\x41"`,
      String.raw`"\u12g4"`,
      String.raw`"\u{41}"`,
      "/* c */1",
      "\u00a01",
      "\u2028[]",
      "\u000b[]",
    ],
  ],
  [
    "JSON_TRAILING_DATA",
    ["{} {}", "1 2", "[]]", "null,", "01", "1.", "1e", "0x10", "1_000", "{}// c", "{}\u0000", "{}\ufeff"],
  ],
  ["JSON_BYTE_ORDER_MARK", ["\ufeff{}", "\ufeff"]],
  ["JSON_TOO_DEEP", [nested(MAX_JSON_DEPTH + 1), '{"a":'.repeat(MAX_JSON_DEPTH + 1), "[".repeat(1_000_000)]],
  [
    "JSON_DUPLICATE_NAME",
    [
      '{"amount":1,"amount":2}',
      '{"amount":1,"amount":1}',
      '{"goods":[{"code":1},{"code":1,"code":2}]}',
      '{"a":{"b":{"c":1,"d":2,"c":3}}}',
      String.raw`{"a\"b":1,"a\"b":2}`,
      String.raw`{"amount":1,"\u0061mount":2}`,
      String.raw`{"\ud83d\ude00":1,"😀":2}`,
      '{"a" \n : 1, "a"\t: 2}',
      '{"":1,"":2}',
      '{"1":1,"1":2}',
      '{"constructor":1,"constructor":2}',
    ],
  ],
  [
    "JSON_FORBIDDEN_NAME",
    ['{"__proto__":1}', '[{"a":{"__proto__":{"admin":true}}}]', String.raw`{"\u005f_proto__":{}}`],
  ],
  [
    "JSON_LONE_SURROGATE",
    [
      String.raw`"\ud800"`,
      String.raw`"\udc00\ud800"`,
      String.raw`["ok","\ud83d!"]`,
      String.raw`{"\udfff":1}`,
      '"\ud800"',
      '{"a\udc00":1}',
    ],
  ],
  [
    "JSON_NUMBER",
    [
      "1234567890123456",
      "[-1234567890123456]",
      '{"a":0.1234567890123456}',
      '{"a":[{"b":9007199254740993}]}',
      "9007199254740992",
      "9007199254740991",
      "1234567890123456e-3",
      "1000000000000000000",
      "1e16",
      "1e400",
      "-1e400",
      "1e-400",
      "-1.23456e-320",
      `0.${"0".repeat(70)}1`,
      "1".repeat(1_000_000),
    ],
  ],
];

describe("parseStrictJson", () => {
  for (const [code, texts] of REFUSED) {
    describe(`refuses with ${code}`, () => {
      for (const text of texts) {
        it(JSON.stringify(text.length > 60 ? `${text.slice(0, 40)}… (${text.length})` : text), () => {
          expect(codeOf(() => parseStrictJson(text))).to.equal(code);
        });
      }
    });
  }

  it("says where, by path, line and column", () => {
    const text = '{\n  "goods": [\n    {"code": "a"},\n    {"code": "b", "\\u0063ode": "c"}\n  ]\n}';
    const error = errorOf(() => parseStrictJson(text));
    expect(error.fields).to.deep.equal({ path: ["goods", 1, "code"], line: 4, column: 19 });
    expect(error.message).to.equal("At line 4, column 19 ($.goods[1].code): a member that was named before");
  });

  it("says where behind members that ended", () => {
    const error = errorOf(() => parseStrictJson('{"a":{"b":[1,2]},"c":[{},[],1e999]}'));
    expect(error.fields).to.deep.equal({ path: ["c", 2], line: 1, column: 29 });
  });

  it("takes as many levels as it says, and refuses texts that are too long", () => {
    expect(parseStrictJson(nested(MAX_JSON_DEPTH))).to.deep.equal(JSON.parse(nested(MAX_JSON_DEPTH)));
    expect(codeOf(() => parseStrictJson("[[1]]", { maxDepth: 1 }))).to.equal("JSON_TOO_DEEP");
    expect(codeOf(() => parseStrictJson("[[1]]", { maxLength: 4 }))).to.equal("JSON_TOO_LARGE");
    const longest = `"${"x".repeat(MAX_JSON_LENGTH - 2)}"`;
    expect(parseStrictJson(longest)).to.have.length(MAX_JSON_LENGTH - 2);
    expect(codeOf(() => parseStrictJson(`${longest} `))).to.equal("JSON_TOO_LARGE");
  });

  it("takes names that objects have by themselves as members like others", () => {
    const parsed = parseStrictJson('{"constructor":{"prototype":{"admin":true}},"toString":1,"hasOwnProperty":2}');
    expect(Object.keys(parsed ?? {})).to.deep.equal(["constructor", "toString", "hasOwnProperty"]);
    expect(Object.getPrototypeOf(parsed)).to.equal(Object.prototype);
    expect({}).not.to.have.property("admin");
  });

  for (const text of [
    "123456789012345",
    "-0.12345678901234",
    "0.000000000000000000001",
    "1e15",
    "9007199254740990",
    "[0,0.0,-0,0e9,0e999]",
    "4.50000000000000000",
    '["a",":b"," \\u0000\\ud83d\\ude00 😀 \\/ \u007f \u2028"]',
    '{"a":{"b":1},"b":{"a":1},"":{"":[]}}',
    ' \t\r\n[ true , false , null , { } , [ ] , "" ] \n',
  ]) {
    it(`reads ${JSON.stringify(text)} as every reader does`, () => {
      expect(parseStrictJson(text)).to.deep.equal(JSON.parse(text));
    });
  }

  it("reads whatever others write, in any spelling", () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 300; round++) {
      const document = randomJson(random, 4);
      expect(parseStrictJson(rewritten(random, document))).to.deep.equal(document);
    }
  });

  it("takes nothing that JSON.parse refuses, and understands nothing differently, however a text is spoilt", () => {
    const random = new SeededRandom(2);
    for (let round = 0; round < 3_000; round++) {
      const text = rewritten(random, randomJson(random, 3));
      const at = random.below(text.length + 1);
      const spoilt = `${text.slice(0, at)}${'{}[]",:\\0e-.u tn'[random.below(16)]}${text.slice(at + random.below(2))}`;
      const [ours, theirs] = [parseStrictJson, JSON.parse].map((parse) => {
        try {
          return { value: parse(spoilt) as unknown };
        } catch {
          return undefined;
        }
      });
      if (ours !== undefined) expect(ours, spoilt).to.deep.equal(theirs);
    }
  });
});
