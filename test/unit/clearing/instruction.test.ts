import { expect } from "chai";
import { AbiCoder, keccak256 } from "ethers";
import { currencyBytes, currencyText, cycleOfId, instructionOf } from "../../../src/clearing/instruction.ts";
import { BANK_A, HOUSE, instructed, payIn, payOut, SETTLEMENT } from "../../support/clearing/instructions.ts";

describe("instructionOf", () => {
  it("has a member pay in what its position is below zero", () => {
    expect(payIn()).to.deep.include({ flow: "payIn", amount: 125_000_000n, debtor: BANK_A, creditor: SETTLEMENT });
  });

  it("pays out what a position is above zero", () => {
    expect(payOut()).to.deep.include({ flow: "payOut", amount: 125_000_000n, debtor: SETTLEMENT });
  });

  it("refuses a position of nothing", () => {
    expect(() => instructed(7, 1, 0n)).to.throw(RangeError);
  });

  it("derives the UETR from chain, house, cycle, member and currency as the ABI encodes them", () => {
    const types = ["uint256", "address", "uint32", "uint16", "bytes3"];
    const digest = keccak256(AbiCoder.defaultAbiCoder().encode(types, [7102, HOUSE.address, 7, 1, "0x434e59"]));
    expect(payIn().uetr).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(payIn().uetr.slice(0, 13)).to.equal(`${digest.slice(2, 10)}-${digest.slice(10, 14)}`);
    expect(payIn().messageId.slice(-8)).to.equal(digest.slice(-8));
  });

  it("gives another UETR and message for each chain, house, cycle, member and currency", () => {
    const position = { cycle: 7, member: 1, lei: BANK_A.lei, currency: "CNY", instructed: -1n };
    const all = [
      instructionOf(HOUSE, position, SETTLEMENT),
      instructionOf({ ...HOUSE, chainId: 1 }, position, SETTLEMENT),
      instructionOf({ ...HOUSE, address: `0x${"c2".repeat(20)}` }, position, SETTLEMENT),
      instructionOf(HOUSE, { ...position, cycle: 8 }, SETTLEMENT),
      instructionOf(HOUSE, { ...position, member: 2 }, SETTLEMENT),
      instructionOf(HOUSE, { ...position, currency: "USD" }, SETTLEMENT),
    ];
    expect(new Set(all.map(({ uetr }) => uetr)).size).to.equal(all.length);
    expect(new Set(all.map(({ messageId }) => messageId)).size).to.equal(all.length);
  });

  it("keeps every id within 35 characters, whatever the cycle and member", () => {
    const longest = instructed(4_294_967_295, 65_535, 1n);
    for (const id of [longest.messageId, longest.instructionId, longest.endToEndId]) {
      expect(id.length).to.be.at.most(35);
      expect(cycleOfId(id)).to.equal(4_294_967_295);
    }
  });

  it("finds no cycle in the ids of others", () => {
    for (const id of ["", "HP7", "HP7-1-CNY ", "xHP7-1-CNY", "HP-1-CNY", "HP7-1-cny", "NOTPROVIDED"]) {
      expect(cycleOfId(id), id).to.equal(undefined);
    }
  });

  it("takes a currency to the chain and back", () => {
    expect(currencyBytes("CNY")).to.equal("0x434e59");
    expect(currencyText("0x434e59")).to.equal("CNY");
  });
});
