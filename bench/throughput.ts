import { join } from "node:path";
import type { Chain } from "../src/chains/chain.ts";
import type { Hex } from "../src/core/hex.ts";
import { AttestorsProcess } from "./attestors-process.ts";
import { type BenchContract, deployBenchContract } from "./bench-contract.ts";
import { type BenchNetwork, withNetwork } from "./network.ts";
import { rawTransactions } from "./raw-transactions.ts";
import { RelayerProcess, relayerConfig } from "./relayer-process.ts";
import { Sender } from "./sender.ts";
import { signLoad } from "./signed-load.ts";
import { timed } from "./timed.ts";

export interface ThroughputFigures {
  messages: number;
  /** The time of the replay as a share of that of the pipeline. */
  ratio: number;
  /** Through the pipeline. */
  messagesPerSecond: number;
  /** From the first send to the last confirmed delivery; the fastest of the runs. */
  pipelineSeconds: number;
  /** The same transactions again, each chain's one after the other, both chains at once; the fastest of the runs. */
  replaySeconds: number;
  /** Transactions by which the messages were delivered. */
  deliveries: number;
}

interface Load {
  /** Signed sends of one message each. */
  sends: readonly Hex[];
  recipient: BenchContract;
}

type Run = Pick<ThroughputFigures, "pipelineSeconds" | "replaySeconds" | "deliveries">;

const RUNS = 2;
const WARM_UP = 500;
/** Messages that may be under way at once: enough that the relayer never waits for the sender. */
const UNDER_WAY = 1_000;

/**
 * How many messages a second go through send, observe, prove, deliver and confirm while the load is as high as the
 * pipeline can take, beside what the same two chains take when nothing but their transactions is sent again.
 */
export async function measureThroughput(messages: number): Promise<ThroughputFigures> {
  const runs: Run[] = [];
  // Each on chains of its own: attestors sign no second history of a chain.
  for (let run = 0; run < RUNS; run++) {
    runs.push(await withNetwork(async (network) => await carryAndReplay(network, await signAll(network, messages))));
  }
  const pipelineSeconds = Math.min(...runs.map((run) => run.pipelineSeconds));
  const replaySeconds = Math.min(...runs.map((run) => run.replaySeconds));
  const deliveries = Math.max(...runs.map((run) => run.deliveries));
  const ratio = replaySeconds / pipelineSeconds;
  return { messages, ratio, messagesPerSecond: messages / pipelineSeconds, pipelineSeconds, replaySeconds, deliveries };
}

async function signAll(network: BenchNetwork, messages: number): Promise<Load> {
  const account = await Sender.open("stranger", network.trade.provider);
  await network.openLog(account.address);
  const recipient = await deployBenchContract("BenchRecipient", network.finance.provider);
  return { recipient, sends: await signLoad(network.gateways, account, recipient.address, WARM_UP + messages) };
}

async function carryAndReplay(network: BenchNetwork, load: Load): Promise<Run> {
  const { trade, finance } = network;
  const start = await finance.provider.getBlockNumber();
  const providers = [trade.provider, finance.provider];
  const snapshots = await Promise.all(providers.map(async (each) => await each.send("evm_snapshot", [])));

  const { warm, pipelineSeconds } = await carryAll(network, load);
  const warmUp = await rawTransactions(finance.provider, start + 1, warm);
  const deliveries = await rawTransactions(finance.provider, warm + 1, await finance.provider.getBlockNumber());
  const carried = await received(network, load);

  await Promise.all(providers.map(async (each, index) => await each.send("evm_revert", [snapshots[index]])));
  await replay(network, load.sends.slice(0, WARM_UP), warmUp);
  const replaySeconds = await timed(async () => await replay(network, load.sends.slice(WARM_UP), deliveries));
  if ((await received(network, load)) !== carried)
    throw new Error("The replay ended in another state than the relayer");
  return { pipelineSeconds, replaySeconds, deliveries: deliveries.length };
}

/** The finance chain's height when relayer and chains were warm, and how long the messages after that took. */
async function carryAll(network: BenchNetwork, { sends }: Load) {
  const attestors = await AttestorsProcess.start(network);
  const relayer = await RelayerProcess.load();
  try {
    await relayer.start(relayerConfig(network.config, join(network.directory, "load.sqlite"), attestors.urls));
    await carry(network, relayer, sends, 0, WARM_UP);
    const warm = await network.finance.provider.getBlockNumber();
    const pipelineSeconds = await timed(async () => await carry(network, relayer, sends, WARM_UP, sends.length));
    return { warm, pipelineSeconds };
  } finally {
    await relayer.stop();
    await attestors.stop();
  }
}

/** Sends a part of the load as fast as the source and the bound on what is under way allow, and sees it delivered. */
async function carry(
  { gateways }: BenchNetwork,
  relayer: RelayerProcess,
  sends: readonly Hex[],
  from: number,
  to: number,
): Promise<void> {
  for (const [index, raw] of sends.slice(from, to).entries()) {
    await relayer.delivered(from + index - UNDER_WAY);
    await gateways.trade.chain.sendRaw(raw);
  }
  await relayer.delivered(to);
}

async function replay({ gateways }: BenchNetwork, sends: readonly Hex[], deliveries: readonly Hex[]): Promise<void> {
  const { trade, finance } = gateways;
  await Promise.all([sendAll(trade.chain, sends), sendAll(finance.chain, deliveries)]);
}

async function sendAll(chain: Chain, raws: readonly Hex[]): Promise<void> {
  for (const raw of raws) await chain.sendRaw(raw);
}

async function received({ gateways }: BenchNetwork, { recipient: { address, abi } }: Load): Promise<Hex> {
  return await gateways.finance.chain.call(address, abi.encodeFunctionData("received") as Hex);
}
