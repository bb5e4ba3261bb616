import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayAbi } from "../src/chains/abis.ts";
import type { Chain } from "../src/chains/chain.ts";
import type { Hex } from "../src/core/hex.ts";
import { AttestorsProcess } from "./attestors-process.ts";
import { deployBenchContract } from "./bench-contract.ts";
import { type BenchNetwork, withNetwork } from "./network.ts";
import { RelayerProcess, relayerConfig } from "./relayer-process.ts";
import { Sender } from "./sender.ts";
import { signLoad } from "./signed-load.ts";

export interface LoadLatencyFigures {
  messages: number;
  messagesPerSecond: number;
  /** Blocks of the finance chain after its latest one when a message was mined, up to the one that delivers it. */
  p50: number;
  p99: number;
}

const BLOCK_TIME_MS = 1_000;
const SECONDS = 20;
const TURN_MS = 50;
/** How closely the blocks' times are told. */
const WATCH_MS = 20;

/** How long messages take under a steady load, with a block every second on both chains. */
export async function measureLoadLatency(messagesPerSecond: number): Promise<LoadLatencyFigures> {
  const messages = Math.round(messagesPerSecond * SECONDS);
  return await withNetwork(
    async (network) => {
      const latencies = (await carrySteadily(network, messages, messagesPerSecond)).sort((a, b) => a - b);
      const percentile = (share: number) => latencies[Math.ceil(share * latencies.length) - 1] ?? Number.NaN;
      return { messages, messagesPerSecond, p50: percentile(0.5), p99: percentile(0.99) };
    },
    { blockTimeMs: BLOCK_TIME_MS },
  );
}

/** The latency of every message. */
async function carrySteadily(network: BenchNetwork, messages: number, perSecond: number): Promise<number[]> {
  const { trade, finance } = network.gateways;
  const account = await Sender.open("stranger", network.trade.provider);
  await network.openLog(account.address);
  const recipient = await deployBenchContract("BenchRecipient", network.finance.provider);
  const load = await signLoad(network.gateways, account, recipient.address, messages);

  const attestors = await AttestorsProcess.start(network);
  const relayer = await RelayerProcess.load();
  const ended = new AbortController();
  const heights = { trade: watch(trade.chain, ended.signal), finance: watch(finance.chain, ended.signal) };
  try {
    await relayer.start(relayerConfig(network.config, join(network.directory, "load.sqlite"), attestors.urls));
    const start = performance.now();
    for (let sent = 0; sent < messages; await sleep(TURN_MS)) {
      const due = Math.min(messages, Math.ceil(((performance.now() - start) / 1_000) * perSecond));
      for (; sent < due; sent++) await trade.chain.sendRaw(load[sent] as Hex);
    }
    await relayer.delivered(messages);
  } finally {
    ended.abort();
    await relayer.stop();
    await attestors.stop();
  }
  return await compare(network, await heights.trade, await heights.finance);
}

/** When each block was first seen, until the signal: `[height, milliseconds]`, ascending. */
async function watch(chain: Chain, signal: AbortSignal): Promise<[number, number][]> {
  const seen: [number, number][] = [];
  while (!signal.aborted) {
    const height = await chain.blockNumber();
    if (height !== seen.at(-1)?.[0]) seen.push([height, performance.now()]);
    await sleep(WATCH_MS);
  }
  return seen;
}

async function compare(
  { gateways: { trade, finance } }: BenchNetwork,
  tradeSeen: readonly (readonly [number, number])[],
  financeSeen: readonly (readonly [number, number])[],
): Promise<number[]> {
  const [first, last] = [tradeSeen[0]?.[0] ?? 0, tradeSeen.at(-1)?.[0] ?? 0];
  const sent = await trade.messagesSent(first, last);
  const deliveredIn = await deliveryBlocks(finance.chain, finance.address);
  return sent.map(({ block }, position) => {
    const seen = tradeSeen.find(([height]) => height >= block)?.[1] ?? 0;
    const before = financeSeen.findLast(([, time]) => time <= seen)?.[0] ?? 0;
    return (deliveredIn[position] ?? Number.NaN) - before;
  });
}

/** The blocks in which one sender's messages were delivered, in their order. */
async function deliveryBlocks(chain: Chain, gateway: Hex): Promise<number[]> {
  const topic = gatewayAbi.getEvent("MessagesDelivered")?.topicHash as Hex;
  const logs = await chain.logs(gateway, [topic], 0, await chain.blockNumber());
  return logs.flatMap(({ data, topics, blockNumber }) => {
    const { count } = gatewayAbi.decodeEventLog("MessagesDelivered", data, topics);
    return new Array<number>(Number(count)).fill(Number(blockNumber));
  });
}
