import { expect } from "chai";
import { terminalJson, terminalText } from "../../../src/core/terminal-text.ts";

describe("terminalText", () => {
  it("leaves text and line breaks alone", () => {
    const text = "Orthopädie 骨科 😀\n  $.lines[0] is required";
    expect(terminalText(text)).to.equal(text);
  });

  it("takes out what moves the cursor, changes colours, or turns the direction of writing", () => {
    for (const char of ["\u001b", "\r", "\b", "\u0007", "\u0085", "\u009b", "\u202e", "\u2066", "\u200b", "\ud800"])
      expect(terminalText(`a${char}b`)).to.equal("a\ufffdb");
  });
});

describe("terminalJson", () => {
  /** ESC, the one-character CSI of ISO 6429, delete, right-to-left override, a tag beyond 2^16. */
  const steering = ["\u001b", "\u009b", "\u007f", "\u202e", "\u{e0041}"];

  it("is the same value", () => {
    const value = { [steering.join("")]: ["ü\n发票", ...steering] };
    const text = terminalJson(JSON.stringify(value, null, 2));
    for (const character of steering) expect(text).not.to.include(character);
    expect(JSON.parse(text)).to.deep.equal(value);
    expect(text).to.include("\\u009b").and.include("\\udb40\\udc41").and.include("发票").and.include("\n  ");
  });
});
