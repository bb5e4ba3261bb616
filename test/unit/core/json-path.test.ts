import { expect } from "chai";
import { formatJsonPath, parseJsonPath } from "../../../src/core/json-path.ts";
import { codeOf } from "../../support/fakes/error-of.ts";

describe("JSON paths", () => {
  for (const [text, path] of [
    ["$", []],
    ["$.goods[0].weight", ["goods", 0, "weight"]],
    ['$["odd name"].a', ["odd name", "a"]],
    ['$["a\\"]b"][10][0]', ['a"]b', 10, 0]],
    ['$["0"]', ["0"]],
    ['$["ü"]', ["ü"]],
    ['$["\\u009b31m\\u202e"]', ["\u009b31m\u202e"]],
  ] as const) {
    it(`are ${text}`, () => {
      expect(formatJsonPath(path)).to.equal(text);
      expect(parseJsonPath(text)).to.deep.equal(path);
    });
  }

  it("may leave out their root", () => {
    expect(parseJsonPath("goods[0].weight")).to.deep.equal(["goods", 0, "weight"]);
    expect(parseJsonPath('["odd name"]')).to.deep.equal(["odd name"]);
  });

  for (const text of [
    "",
    ".a",
    "$a",
    "$.",
    "a.",
    "a..b",
    "a[",
    "a[]",
    "a[-1]",
    "a[01]",
    "a['b']",
    'a["\\x"]',
    "a b",
    "$$",
  ]) {
    it(`are not ${JSON.stringify(text)}`, () => {
      expect(codeOf(() => parseJsonPath(text))).to.equal("PATH_INVALID");
    });
  }
});
