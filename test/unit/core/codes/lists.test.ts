import { expect } from "chai";
import { isCountry } from "../../../../src/core/codes/country.ts";
import { isCurrency } from "../../../../src/core/codes/currency.ts";
import { isHsCode } from "../../../../src/core/codes/hs-code.ts";
import { isUnLocode } from "../../../../src/core/codes/un-locode.ts";

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];

describe("isCountry", () => {
  it("knows the 249 codes that ISO 3166-1 has assigned", () => {
    const codes = LETTERS.flatMap((first) => LETTERS.map((second) => `${first}${second}`)).filter(isCountry);
    expect(codes).to.have.length(249);
    const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
    for (const code of codes) expect(names.of(code), code).to.be.a("string");
  });

  it("refuses reserved, withdrawn and user-assigned codes, alpha-3 and lower case", () => {
    for (const code of ["UK", "EU", "SU", "YU", "XX", "ZZ", "XK", "CHN", "cn", ""])
      expect(isCountry(code), code).to.equal(false);
  });
});

describe("isCurrency", () => {
  it("has each code of the runtime's list that is in force, and no other", () => {
    const withdrawn = ["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"];
    const units = ["XSU"];
    const current = Intl.supportedValuesOf("currency").filter((code) => ![...withdrawn, ...units].includes(code));
    expect(current.filter((code) => !isCurrency(code))).to.deep.equal([]);
    for (const code of [...withdrawn, ...units, "XAU", "XAG", "XTS", "DEM", "RMB", "CNH", "usd", ""])
      expect(isCurrency(code), code).to.equal(false);
  });
});

describe("isHsCode", () => {
  it("takes 6 to 10 digits in a chapter that exists", () => {
    for (const code of ["820420", "8204200", "82042000", "8204200012", "010121", "990500"])
      expect(isHsCode(code), code).to.equal(true);
  });

  it("refuses dots, other lengths and chapters that do not exist", () => {
    for (const code of ["8204.20", "82042", "82042000123", "770000", "000000", "82042O", ""])
      expect(isHsCode(code), code).to.equal(false);
  });
});

describe("isUnLocode", () => {
  it("takes a country and three letters or digits", () => {
    for (const code of ["CNSHA", "DEHAM", "SGSIN", "US2A9", "XZ2AB"]) expect(isUnLocode(code), code).to.equal(true);
  });

  it("refuses spaces, the digits 0 and 1, lower case, other lengths and unknown countries", () => {
    for (const code of ["CN SHA", "CNSH0", "CNSH1", "cnsha", "CNSH", "CNSHAN", "UKLON", ""])
      expect(isUnLocode(code), code).to.equal(false);
  });
});
