import { expect } from "chai";
import { terminalText } from "../../../src/core/terminal-text.ts";

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
