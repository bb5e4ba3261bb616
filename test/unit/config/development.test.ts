import { expect } from "chai";
import {
  developmentAccounts,
  developmentWallet,
  isDevelopmentAddress,
  isLocalChain,
  LOCAL_CHAIN_IDS,
} from "../../../src/config/development.ts";
import { wallets } from "../../support/fakes/two-chains.ts";

describe("development accounts", () => {
  it("are Hardhat's published ones, in their order", () => {
    expect(developmentWallet("deployer").address).to.equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    expect(developmentWallet("admin").address).to.equal("0x70997970C51812dc3A010C7d01b50e0d17dc79C8");
    expect(developmentWallet("stranger").address).to.equal("0x8626f6940E2eb28930eFb4CeF49B2d1F2C9C1199");
  });

  it("are one each", () => {
    const addresses = developmentAccounts.map((account) => developmentWallet(account).address);
    expect(new Set(addresses)).to.have.length(developmentAccounts.length);
  });

  it("are known in any case of their digits", () => {
    for (const account of developmentAccounts) {
      const { address } = developmentWallet(account);
      expect(isDevelopmentAddress(address)).to.equal(true);
      expect(isDevelopmentAddress(address.toLowerCase())).to.equal(true);
    }
  });

  it("are not anybody else's", () => {
    for (const { address } of wallets("member", 20)) expect(isDevelopmentAddress(address)).to.equal(false);
  });
});

describe("isLocalChain", () => {
  it("is true for the two local chains and no other", () => {
    expect([LOCAL_CHAIN_IDS.trade, LOCAL_CHAIN_IDS.finance].every(isLocalChain)).to.equal(true);
    expect([0, 1, 1_337, 7_100, 7_103, 31_337].some(isLocalChain)).to.equal(false);
  });
});
