import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { SUMS, writeFiles } from "../../../../deploy/besu/write-files.ts";
import { scratchFolder } from "../../../support/fakes/scratch.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const FILES = new Map([
  ["a/one.txt", "one\n"],
  ["b.txt", "two\n"],
]);
const without = (path: string) => new Map([...FILES].filter(([name]) => name !== path));

describe("writeFiles", () => {
  const scratch = scratchFolder();

  it("writes everything and the hashes that sha256sum checks, and nothing beside the folder", () => {
    const folder = scratch("out");
    expect(writeFiles(folder, FILES, false)).to.deep.equal({ written: ["a/one.txt", "b.txt", SUMS], removed: [] });
    const sums = [...FILES].map(([path, text]) => `${createHash("sha256").update(text).digest("hex")}  ${path}\n`);
    expect(readFileSync(`${folder}/${SUMS}`, "utf8")).to.equal(sums.join(""));
    expect(readdirSync(scratch("."))).to.deep.equal(["out"]);
  });

  it("changes nothing when repeated", () => {
    writeFiles(scratch("out"), FILES, false);
    expect(writeFiles(scratch("out"), FILES, false)).to.deep.equal({ written: [], removed: [] });
  });

  it("refuses to change or remove a file unless forced", async () => {
    const folder = scratch("out");
    writeFiles(folder, FILES, false);
    writeFileSync(`${folder}/b.txt`, "edited\n");
    const { fields } = await thrown("CONFIG_INVALID", () => writeFiles(folder, without("a/one.txt"), false));
    expect(fields["paths"]).to.deep.equal(["b.txt", "a/one.txt"]);
    expect(readFileSync(`${folder}/b.txt`, "utf8")).to.equal("edited\n");

    expect(writeFiles(folder, without("a/one.txt"), true).removed).to.deep.equal(["a/one.txt"]);
    expect(readdirSync(folder, { recursive: true })).to.have.members(["b.txt", SUMS]);
  });

  it("adds files without being forced", () => {
    writeFiles(scratch("out"), without("b.txt"), false);
    expect(writeFiles(scratch("out"), FILES, false).written).to.deep.equal(["b.txt", SUMS]);
  });

  it("never touches a folder with files of somebody else", async () => {
    const folder = scratch("out");
    mkdirSync(folder);
    writeFileSync(`${folder}/key`, "secret");
    await thrown("CONFIG_INVALID", () => writeFiles(folder, FILES, true));
    expect(readdirSync(folder)).to.deep.equal(["key"]);
  });

  it("refuses a file in the place of the folder", async () => {
    writeFileSync(scratch("out"), "");
    await thrown("CONFIG_INVALID", () => writeFiles(scratch("out"), FILES, true));
  });

  it("leaves what was there when it cannot write", () => {
    const folder = scratch("out");
    writeFiles(folder, FILES, false);
    const impossible = new Map([...FILES, ["b.txt/below-a-file", ""]]);
    expect(() => writeFiles(folder, impossible, true)).to.throw();
    expect(readFileSync(`${folder}/a/one.txt`, "utf8")).to.equal("one\n");
    expect(existsSync(scratch("."))).to.equal(true);
    expect(readdirSync(scratch("."))).to.deep.equal(["out"]);
  });
});
