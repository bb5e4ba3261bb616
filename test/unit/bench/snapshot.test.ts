import { readFileSync } from "node:fs";
import { expect } from "chai";
import { compareSnapshot } from "../../../bench/snapshot.ts";

const committed = JSON.parse(readFileSync(new URL("../../../bench/snapshots/gas.json", import.meta.url), "utf8"));

describe("compareSnapshot", () => {
  it("accepts what is within one per cent of the committed figures", () => {
    expect(compareSnapshot("gas", { ...committed, send: committed.send * 1.009 })).to.deep.equal([]);
  });

  for (const factor of [0.98, 1.02]) {
    it(`names a figure that is ${factor} times the committed one, however deep it lies`, () => {
      const osaka = {
        ...committed.osaka,
        deliver: { ...committed.osaka.deliver, "40": committed.osaka.deliver["40"] * factor },
      };
      const [difference, ...others] = compareSnapshot("gas", { ...committed, osaka });
      expect(others).to.deep.equal([]);
      expect(difference).to.match(/^gas\.osaka\.deliver\.40: /);
    });
  }

  it("names figures that only one side has", () => {
    const { send, ...rest } = committed;
    expect(compareSnapshot("gas", { ...rest, receive: 1 })).to.deep.equal([
      `gas.send: not measured, committed ${send}`,
      "gas.receive: 1, committed not",
    ]);
  });
});
