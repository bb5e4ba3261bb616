import { expect } from "chai";
import type { Interface } from "ethers";
import hre from "hardhat";
import { lightClientAbi, loadAbi, qbftHeadersAbi } from "../../src/chains/abis.ts";
import type { Hex } from "../../src/core/hex.ts";
import { sealedBlock } from "../../src/relayer/sealed-block.ts";
import { REAL_QBFT, realQbftBlock } from "../support/fakes/real-qbft-block.ts";

const DECADE = 10 * 365 * 86_400;

/** Errors that have a name here; whatever else comes back is a panic or nothing at all. */
const NAMED = new Set(
  ["bridge/QbftHeaders", "bridge/LightClient"].flatMap((path) => {
    const names: string[] = [];
    loadAbi(path).forEachError((error) => void names.push(error.selector));
    return names;
  }),
);

describe("a real header of a Besu network with QBFT", () => {
  let header: Hex;
  let seal: Hex;
  let call: (abi: Interface, name: string, args: unknown[]) => Promise<string>;
  let accept: () => Promise<void>;

  before(async function () {
    this.timeout(60_000);
    const sealed = sealedBlock(realQbftBlock(this));
    [header, seal] = [sealed.header, sealed.seal];
    const { ethers, provider } = await hre.network.create({ network: "financeSimulated" });
    const [deployer] = await ethers.getSigners();
    const authority = await ethers.deployContract("AccessManager", [deployer?.address]);
    const verifier = await ethers.deployContract("QbftHeaders", [authority, 1337, [...REAL_QBFT.validators], DECADE]);
    const client = await ethers.deployContract("LightClient", [verifier, DECADE, 0]);
    const at = new Map([
      [qbftHeadersAbi, await verifier.getAddress()],
      [lightClientAbi, await client.getAddress()],
    ]);
    call = async (abi, name, args) =>
      (await provider.request({
        method: "eth_call",
        params: [{ to: at.get(abi) ?? "", data: abi.encodeFunctionData(name, args) }, "latest"],
      })) as string;
    accept = async () => {
      await (await client.getFunction("update")(header, seal)).wait();
    };
  });

  /** The selector of what a call is refused with; empty when it is not refused. */
  const refusal = async (abi: Interface, name: string, args: unknown[]): Promise<string> => {
    try {
      await call(abi, name, args);
      return "";
    } catch (error) {
      const { data } = error as { data?: unknown };
      const text = typeof data === "string" ? data : String((data as { data?: string } | undefined)?.data);
      return text.slice(0, 10);
    }
  };

  const everyByteChanged = async (original: Hex, refused: (changed: Hex) => Promise<string>) => {
    for (let at = 2; at < original.length; at += 2) {
      for (const difference of [0x01, 0x80]) {
        const byte = Number.parseInt(original.slice(at, at + 2), 16) ^ difference;
        const changed = `${original.slice(0, at)}${byte.toString(16).padStart(2, "0")}${original.slice(at + 2)}` as Hex;
        const selector = await refused(changed);
        expect(NAMED.has(selector), `byte ${at / 2 - 1} ^ ${difference}: ${selector}`).to.equal(true);
      }
    }
  };

  it("is verified, with the hash that the chain gives it", async () => {
    const [summary] = qbftHeadersAbi.decodeFunctionResult(
      "verify",
      await call(qbftHeadersAbi, "verify", [header, seal]),
    );
    expect(summary.toObject()).to.include({ number: BigInt(REAL_QBFT.number), blockHash: REAL_QBFT.hash });
    expect(await refusal(lightClientAbi, "update", [header, seal])).to.equal("");
  });

  it("is not verified with any byte of the header changed", async () => {
    await everyByteChanged(header, async (changed) => await refusal(qbftHeadersAbi, "verify", [changed, seal]));
    await everyByteChanged(header, async (changed) => await refusal(lightClientAbi, "update", [changed, seal]));
  }).timeout(60_000);

  it("is not verified with any byte of the seal changed", async () => {
    await everyByteChanged(seal, async (changed) => await refusal(qbftHeadersAbi, "verify", [header, changed]));
    await everyByteChanged(seal, async (changed) => await refusal(lightClientAbi, "update", [header, changed]));
  }).timeout(60_000);

  it("is taken again without its seal once it is held, but not with any byte changed other than its round", async () => {
    await accept();
    expect(await refusal(lightClientAbi, "update", [header, "0x"])).to.equal("");
    const round = header.indexOf(`c0${REAL_QBFT.round.toString(16).padStart(2, "0")}c0a063746963616c`) + 2;
    expect(round).to.be.above(2);
    await everyByteChanged(`0x${header.slice(2, round)}`, async (changed) =>
      refusal(lightClientAbi, "update", [changed + header.slice(round), "0x"]),
    );
    await everyByteChanged(`0x${header.slice(round + 2)}`, async (changed) =>
      refusal(lightClientAbi, "update", [header.slice(0, round + 2) + changed.slice(2), "0x"]),
    );
    const inRound = (digits: string) => [header.slice(0, round) + digits + header.slice(round + 2), "0x"];
    expect(await refusal(lightClientAbi, "update", inRound("80"))).to.equal("");
    expect(await refusal(lightClientAbi, "update", inRound("7f"))).to.equal("");
    expect(NAMED.has(await refusal(lightClientAbi, "update", inRound("00")))).to.equal(true);
  }).timeout(60_000);
});
