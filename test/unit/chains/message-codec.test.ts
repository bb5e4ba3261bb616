import { expect } from "chai";
import { gatewayAbi } from "../../../src/chains/abis.ts";
import type { RpcLog } from "../../../src/chains/chain.ts";
import { encodeDeliverProven } from "../../../src/chains/gateway.ts";
import { decodeMessageSent } from "../../../src/chains/message-codec.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { formatInteroperableAddress } from "../../../src/core/interoperable-address.ts";

const SENDER: Hex = `0x${"a1".repeat(20)}`;
const RECIPIENT: Hex = `0x${"b2".repeat(20)}`;
const HEAD: Hex = `0x${"c3".repeat(32)}`;
const payloads: Hex[] = ["0x", "0x01", `0x${"d4".repeat(32)}`, `0x${"e5".repeat(33)}`, `0x${"f6".repeat(128)}`];

/** The log as the ABI coder, not the code under test, writes it. */
function sentLog(payload: Hex): RpcLog {
  const sender = formatInteroperableAddress({ chainId: 7101, account: SENDER });
  const recipient = formatInteroperableAddress({ chainId: 7102, account: RECIPIENT });
  const { topics, data } = gatewayAbi.encodeEventLog("MessageSent", [HEAD, sender, recipient, payload, 0n, []]);
  return {
    address: SENDER,
    topics: topics as Hex[],
    data: data as Hex,
    blockNumber: "0x1",
    transactionHash: HEAD,
    logIndex: "0x0",
  };
}

describe("decodeMessageSent", () => {
  for (const payload of payloads) {
    it(`reads a message of ${(payload.length - 2) / 2} bytes`, () => {
      expect(decodeMessageSent(sentLog(payload))).to.deep.equal({
        id: HEAD,
        sender: SENDER,
        recipient: RECIPIENT,
        payload,
      });
    });
  }

  it("throws RPC_INCONSISTENT when the data is cut anywhere before the payload's end", () => {
    const log = sentLog(`0x${"f6".repeat(64)}`);
    const noAttributes = 32;
    for (let bytes = 0; bytes < (log.data.length - 2) / 2 - noAttributes; bytes++) {
      const cut = { ...log, data: log.data.slice(0, 2 + 2 * bytes) as Hex };
      expect(() => decodeMessageSent(cut), `${bytes} bytes`)
        .to.throw(HuangpuError)
        .with.property("code", "RPC_INCONSISTENT");
    }
  });

  it("throws RPC_INCONSISTENT when an offset points out of the data", () => {
    const log = sentLog("0x01");
    const data: Hex = `0x${"ff".repeat(32)}${log.data.slice(66)}`;
    expect(() => decodeMessageSent({ ...log, data }))
      .to.throw(HuangpuError)
      .with.property("code", "RPC_INCONSISTENT");
  });
});

describe("encodeDeliverProven", () => {
  for (const count of [0, 1, payloads.length]) {
    it(`encodes ${count} messages as the ABI coder does`, () => {
      const messages = payloads.slice(0, count).map((payload) => ({ recipient: RECIPIENT, payload }));
      expect(encodeDeliverProven(SENDER, HEAD, messages)).to.equal(
        gatewayAbi.encodeFunctionData("deliverProven", [SENDER, HEAD, messages]),
      );
    });
  }
});
