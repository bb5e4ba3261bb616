import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";

const ROOT = new URL("../../../", import.meta.url);
const SOURCES = new URL("src/open-attestation/", ROOT);
const IN_CODE = /"([A-Z]+(?:_[A-Z]+)+)"/g;
const IN_TABLE = /`([A-Z]+(?:_[A-Z]+)+)`/g;
/** Why a document is valid, what is thrown, and words of the format. */
const NO_FINDINGS = new Set(["CONTENT_UNCHANGED", "OPEN_ATTESTATION_REFUSED", "EMBEDDED_RENDERER", "REVOCATION_STORE"]);

describe("docs/open-attestation.md", () => {
  it("lists each code that a document can be answered with, and no other", () => {
    const sources = readdirSync(SOURCES).map((name) => readFileSync(new URL(name, SOURCES), "utf8"));
    const inCode = sources.flatMap((text) => [...text.matchAll(IN_CODE)].map(([, code]) => code ?? ""));
    const rows = readFileSync(new URL("docs/open-attestation.md", ROOT), "utf8").matchAll(/^\| `.*$/gm);
    const inTables = [...rows].flatMap(([row]) => [...row.matchAll(IN_TABLE)].map(([, code]) => code ?? ""));
    expect(inTables).to.have.members([...new Set(inCode)].filter((code) => !NO_FINDINGS.has(code)));
  });
});
