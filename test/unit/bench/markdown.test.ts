import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { markdownTable, replaceSection } from "../../../bench/markdown.ts";

describe("replaceSection", () => {
  let directory: string;
  let file: URL;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "huangpu-test-"));
    file = pathToFileURL(join(directory, "document.md"));
    writeFileSync(file, "a\n<!-- measured: one -->\nold\n<!-- end -->\nb\n<!-- measured: two -->\n<!-- end -->\n");
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("writes one section and nothing else, dollar signs as they are", () => {
    replaceSection(file, "one", "costs $& and $1\n");
    expect(readFileSync(file, "utf8")).to.equal(
      "a\n<!-- measured: one -->\ncosts $& and $1\n<!-- end -->\nb\n<!-- measured: two -->\n<!-- end -->\n",
    );
  });

  it("throws when there is no such section", () => {
    expect(() => replaceSection(file, "three", "")).to.throw("no place for three");
  });
});

describe("markdownTable", () => {
  it("aligns all columns but the first to the right", () => {
    expect(
      markdownTable([
        ["a", "b"],
        ["c", "1"],
      ]),
    ).to.equal("| a | b |\n|---|--:|\n| c | 1 |\n");
  });
});
