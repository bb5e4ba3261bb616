import { expect } from "chai";
import { Transaction, Wallet } from "ethers";
import type { Hex } from "../../../src/core/hex.ts";
import { parseTransaction, signTransaction } from "../../../src/core/transaction.ts";

const wallet = new Wallet(`0x${"42".repeat(32)}`);
const call = {
  chainId: 7102,
  nonce: 7,
  to: `0x${"0a".repeat(20)}` as Hex,
  data: `0x${"00ff".repeat(300)}` as Hex,
  gasLimit: 16_000_000n,
  maxFeePerGas: 2_000_000_001n,
  maxPriorityFeePerGas: 1n,
};
const cases = {
  "a long call": call,
  "a call without data": { ...call, data: "0x" as Hex },
  "the first transaction of an account, without fees": {
    ...call,
    nonce: 0,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
  },
};

describe("signTransaction", () => {
  for (const [name, transaction] of Object.entries(cases)) {
    it(`signs ${name} as the wallet does`, async () => {
      const { raw, hash } = signTransaction(transaction, (digest) => wallet.signingKey.sign(digest));
      expect(raw).to.equal(await wallet.signTransaction({ type: 2, ...transaction }));
      expect(hash).to.equal(Transaction.from(raw).hash);
      expect(parseTransaction(raw)).to.deep.equal(transaction);
    });
  }

  for (const [part, nonce] of Object.entries({ r: 210, s: 28 })) {
    it(`signs as the wallet does when ${part} begins with a zero byte`, async () => {
      const { raw } = signTransaction({ ...call, nonce }, (digest) => wallet.signingKey.sign(digest));
      expect(Transaction.from(raw).signature?.[part as "r" | "s"].slice(0, 4)).to.equal("0x00");
      expect(raw).to.equal(await wallet.signTransaction({ type: 2, ...call, nonce }));
    });
  }
});
