import { Wallet } from "ethers/wallet";
import hre from "hardhat";
import { financeContracts } from "../deploy/contracts.ts";
import { deploy } from "../deploy/deploy.ts";
import localParameters from "../deploy/parameters/local.json" with { type: "json" };
import { deployParametersSchema, type HeaderKind } from "../deploy/parameters.ts";
import type { Hardfork } from "../scripts/local/chains.ts";
import { encodeHeader, type RpcBlock } from "../src/core/block-header.ts";
import { type Hex, keccak256, keccakText } from "../src/core/hex.ts";
import { genesis } from "../src/core/message-chain.ts";
import { deployBenchContract } from "./bench-contract.ts";
import { BenchLane } from "./lane.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { Sender } from "./sender.ts";
import { SimulatedSource } from "./simulated-source.ts";
import { randomKeys } from "./simulated-trie.ts";

export interface SimulatedLane {
  lane: BenchLane;
  source: SimulatedSource;
  /** Hash of the sending gateway's address: its place among the accounts. */
  gatewayKey: Hex;
}

const SLOTS = 1_000;

/** A real destination inside this process, in its steady state, and a simulated source with that many validators. */
export async function withSimulatedLane<T>(
  options: { hardfork: Hardfork; headers: HeaderKind; validators: number },
  measure: (simulated: SimulatedLane) => Promise<T>,
): Promise<T> {
  const override = { hardfork: options.hardfork };
  const trade = await hre.network.create({ network: "tradeSimulated", override });
  const finance = await hre.network.create({ network: "financeSimulated", override });
  try {
    const validators = Array.from(
      { length: options.validators },
      (_, index) => new Wallet(keccakText(`huangpu bench validator ${index}`)),
    ).sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const parameters = deployParametersSchema.parse(localParameters);
    const deployment = await deploy(
      { trade: { connection: trade }, finance: { connection: finance } },
      {
        ...parameters,
        trade: {
          ...parameters.trade,
          headers: options.headers,
          validators: validators.map(({ address }) => address),
        },
      },
    );
    const { gateway: destination } = financeContracts(deployment.finance, finance.ethers.provider);
    const gateway = (await destination.lane()).gateway.toLowerCase() as Hex;
    const { chainId } = deployment.trade;
    const block: RpcBlock = await trade.provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    const sender = seededBytes("simulated sender", 20);
    const source = new SimulatedSource({
      chainId,
      gateway,
      sender,
      headers: options.headers,
      validators,
      template: encodeHeader(block),
      slots: randomKeys(SLOTS),
    });
    const lane = new BenchLane({
      sender,
      cursor: genesis(chainId, gateway, sender),
      gateway: deployment.finance.gateway as Hex,
      deliverer: await Sender.open("relayer", finance.ethers.provider),
      recipient: await deployBenchContract("BenchRecipient", finance.ethers.provider),
      prove: async (head) => source.prove(head),
    });
    lane.nextMessage();
    await lane.proveHead();
    await lane.deliver();
    return await measure({ lane, source, gatewayKey: keccak256(gateway) });
  } finally {
    await trade.close();
    await finance.close();
  }
}
