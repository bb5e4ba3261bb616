import { expect } from "chai";
import { ProgressBar } from "../../../../src/documents/commands/progress-bar.ts";

describe("ProgressBar", () => {
  let written: string[];
  let now: number;
  beforeEach(() => {
    written = [];
    now = 0;
  });
  const bar = (interactive = true, width = 80) =>
    new ProgressBar({ write: (text) => written.push(text), interactive, width, now: () => now });

  it("fills with what is done", () => {
    const drawn = bar();
    drawn.show("reading", 0, 2_000);
    now = 200;
    drawn.show("reading", 1_000, 2_000);
    expect(written[0]).to.equal(`\r\x1b[2Kreading ${"░".repeat(40)} 0 of 2,000`);
    expect(written[1]).to.equal(`\r\x1b[2Kreading ${"█".repeat(20)}${"░".repeat(20)} 1,000 of 2,000`);
  });

  it("draws ten times a second at most, and takes the line away in the end", () => {
    const drawn = bar();
    for (now = 0; now < 1_000; now++) drawn.show("reading", now, 1_000);
    expect(written).to.have.length(10);
    drawn.show("reading", 1_000, 1_000);
    expect(written.at(-1)).to.equal("\r\x1b[2K");
    expect(written).to.have.length(11);
  });

  it("stays within the terminal", () => {
    bar(true, 40).show("writing proofs", 1_000_000, 1_048_576);
    bar(true, 20).show("writing proofs", 5, 10);
    for (const text of written) expect(text.replace("\r\x1b[2K", "").length).to.be.at.most(40);
    expect(written[1]).to.equal("\r\x1b[2K5 of 10");
  });

  it("writes nothing where a line cannot be redrawn", () => {
    const drawn = bar(false);
    drawn.show("reading", 1, 2);
    drawn.show("reading", 2, 2);
    drawn.clear();
    expect(written).to.deep.equal([]);
  });
});
