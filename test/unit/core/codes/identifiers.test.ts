import { expect } from "chai";
import { isContainerNumber } from "../../../../src/core/codes/container-number.ts";
import { isImoNumber } from "../../../../src/core/codes/imo-number.ts";
import { completeLei, isLei } from "../../../../src/core/codes/lei.ts";

const DIGITS = [..."0123456789"];

/** Every text that differs from one in a single digit. */
function* misreadings(text: string): Generator<string> {
  for (const [index, char] of [...text].entries()) {
    if (!DIGITS.includes(char)) continue;
    for (const digit of DIGITS) if (digit !== char) yield `${text.slice(0, index)}${digit}${text.slice(index + 1)}`;
  }
}

describe("isLei", () => {
  // Published identifiers: of GLEIF itself, and the example of ISO 17442.
  const genuine = ["506700GE1G29325QX363", "5493000IBP32UQZ0KL24"];

  for (const lei of genuine) {
    it(`accepts ${lei} and no misreading of a digit`, () => {
      expect(isLei(lei)).to.equal(true);
      for (const other of misreadings(lei)) expect(isLei(other), other).to.equal(false);
    });
  }

  it("refuses two neighbours that have changed places", () => {
    expect(isLei("5067000GE1G29325QX363".slice(0, 20))).to.equal(false);
    expect(isLei("506700EG1G29325QX363")).to.equal(false);
  });

  it("refuses lower case, spaces, other lengths and letters for check digits", () => {
    for (const text of [
      "506700ge1g29325qx363",
      "5067 00GE1G29325QX363",
      "506700GE1G29325QX36",
      "506700GE1G29325QX3630",
    ])
      expect(isLei(text), text).to.equal(false);
    expect(isLei("506700GE1G29325QXAAA")).to.equal(false);
    expect(isLei("")).to.equal(false);
  });

  it("refuses check digits that are congruent to the right ones, and never assigned", () => {
    const bodies = Array.from({ length: 300 }, (_, index) => `8945HPU${String(index).padStart(11, "0")}`);
    const completed = bodies.map(completeLei);
    expect(completed.every(isLei)).to.equal(true);
    const low = completed.filter((lei) => lei.endsWith("02"));
    const high = completed.filter((lei) => lei.endsWith("97") || lei.endsWith("98"));
    expect([low.length > 0, high.length > 0]).to.deep.equal([true, true]);
    for (const lei of low) expect(isLei(`${lei.slice(0, 18)}99`), lei).to.equal(false);
    for (const lei of high) {
      expect(isLei(`${lei.slice(0, 18)}${lei.endsWith("97") ? "00" : "01"}`), lei).to.equal(false);
    }
  });

  it("is completed from 18 characters only", () => {
    expect(completeLei("506700GE1G29325QX3")).to.equal("506700GE1G29325QX363");
    expect(() => completeLei("506700GE1G29325QX")).to.throw(RangeError);
    expect(() => completeLei("506700ge1g29325qx3")).to.throw(RangeError);
  });
});

describe("isContainerNumber", () => {
  // CSQU3054383 is the example of ISO 6346.
  for (const number of ["CSQU3054383", "TEXU3070079", "MSKU6011672"]) {
    it(`accepts ${number} and no other check digit`, () => {
      expect(isContainerNumber(number)).to.equal(true);
      const right = number.at(-1) ?? "";
      for (const digit of DIGITS) {
        expect(isContainerNumber(`${number.slice(0, 10)}${digit}`), digit).to.equal(digit === right);
      }
    });
  }

  it("refuses each misreading of a digit", () => {
    for (const other of misreadings("CSQU3054383")) expect(isContainerNumber(other), other).to.equal(false);
  });

  it("counts a remainder of 10 as 0", () => {
    const zeros = Array.from({ length: 100 }, (_, index) => `HPUU${String(204_700 + index)}0`).filter(
      isContainerNumber,
    );
    expect(zeros.length).to.be.greaterThan(100 / 11);
  });

  it("refuses another category, lower case, spaces and other lengths", () => {
    for (const text of ["CSQX3054383", "csqu3054383", "CSQU 305438 3", "CSQU305438", "CSQU30543833", "1SQU3054383", ""])
      expect(isContainerNumber(text), text).to.equal(false);
  });
});

describe("isImoNumber", () => {
  // 9074729 is the example that the scheme is explained by.
  it("accepts a number whose check digit holds and no other check digit", () => {
    for (const digit of DIGITS) expect(isImoNumber(`907472${digit}`), digit).to.equal(digit === "9");
    expect(isImoNumber("9319466")).to.equal(true);
  });

  it("refuses the prefix, spaces and other lengths", () => {
    for (const text of ["IMO9074729", "IMO 9074729", " 9074729", "907472", "90747290", "907472A", ""])
      expect(isImoNumber(text), text).to.equal(false);
  });
});
