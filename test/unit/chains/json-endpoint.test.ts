import { expect } from "chai";
import { retryAfterMs } from "../../../src/chains/json-endpoint.ts";

describe("retryAfterMs", () => {
  const now = Date.parse("Fri, 31 Dec 1999 23:59:00 GMT");
  const cases: [header: string | undefined, expected: number | undefined][] = [
    ["120", 120_000],
    ["0", 0],
    ["Fri, 31 Dec 1999 23:59:59 GMT", 59_000],
    ["Fri, 31 Dec 1999 23:00:00 GMT", 0],
    [undefined, undefined],
    ["", undefined],
    ["soon", undefined],
    ["1e999", undefined],
    ["99999999999999999999", undefined],
  ];
  for (const [header, expected] of cases) {
    it(`takes ${JSON.stringify(header)} for ${expected}`, () => {
      expect(retryAfterMs(header, now)).to.equal(expected);
    });
  }
});
