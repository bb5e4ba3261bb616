import { expect } from "chai";
import { showable, showableJson } from "../../../src/core/showable.ts";

/** ESC, the one-character CSI of ISO 6429, delete, right-to-left override, a tag beyond 2^16. */
const unseen = ["\u001b", "\u009b", "\u007f", "\u202e", "\u{e0041}"];

describe("what a terminal is given", () => {
  it("has no character that could steer it, and keeps lines and all that is read", () => {
    for (const character of unseen) expect(showable(`a${character}[31m\nü 发票`)).to.equal("a\ufffd[31m\nü 发票");
    expect(showable("a\ud800")).to.equal("a\ufffd");
  });

  it("is, of JSON, the same value", () => {
    const value = { [unseen.join("")]: ["ü\n发票", ...unseen] };
    const text = showableJson(JSON.stringify(value, null, 2));
    for (const character of unseen) expect(text).not.to.include(character);
    expect(JSON.parse(text)).to.deep.equal(value);
    expect(text).to.include("\\u009b").and.include("\\udb40\\udc41").and.include("发票").and.include("\n  ");
  });
});
