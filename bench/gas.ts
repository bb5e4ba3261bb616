import type { Hardfork } from "../scripts/local/chains.ts";
import { gatewayAbi } from "../src/chains/abis.ts";
import type { HeadProof } from "../src/chains/gateway.ts";
import type { Hex } from "../src/core/hex.ts";
import { formatInteroperableAddress } from "../src/core/interoperable-address.ts";
import { genesis, type Message } from "../src/core/message-chain.ts";
import { AttestationClient } from "../src/relayer/attestation-client.ts";
import { AttestedSeals } from "../src/relayer/attested-seals.ts";
import { proveHead } from "../src/relayer/prove.ts";
import { deployBenchContract } from "./bench-contract.ts";
import { BenchLane } from "./lane.ts";
import { type BenchNetwork, withNetwork } from "./network.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { Sender } from "./sender.ts";

const BATCHES = ["1", "3", "10", "40", "100", "250"] as const;

/** Gas units of whole transactions, except `proveEarlierHeadPerHash`. Of deliveries, per message. */
export interface LaneGas {
  send: number;
  /** One delivery of so many messages with its proof. */
  deliver: Record<(typeof BATCHES)[number], number>;
  /** A header that was not used before, with both proofs: `Gateway.proveHead`. */
  headerUpdate: number;
  /** One message by itself, everything included: `deliver["1"]`. */
  urgent: number;
  /** A hundred messages to a head that was proven before. */
  deliverProven100: number;
  /** The same as `headerUpdate`. */
  proveHead: number;
  proveEarlierHeadPerHash: number;
  retry: number;
}

/** Under the rules of Cancun, and, as a whole once more, under those of Osaka. */
export interface GasFigures extends LaneGas {
  osaka: LaneGas;
}

const ACCOUNTS = 1_000;
const SLOTS = 1_000;

/** Under the rules of both forks. */
export async function measureGas(): Promise<GasFigures> {
  return { ...(await measureLaneGas("cancun")), osaka: await measureLaneGas("osaka") };
}

/**
 * What the bridge costs in its steady state, on a source chain with a thousand accounts and a gateway with a thousand
 * senders: 128 random bytes a message, three of four attestations, a recipient that writes one slot.
 */
export async function measureLaneGas(hardfork: Hardfork): Promise<LaneGas> {
  return await withNetwork(
    async (network) => {
      await populate(network);
      const source = await Sender.open("stranger", network.trade.provider);
      const lane = await openLane(network, source.address);
      const send = async (count: number) => {
        const gas: number[] = [];
        for (let index = 0; index < count; index++) gas.push(await sendMessage(network, source, lane.nextMessage()));
        return gas;
      };
      await send(1);
      await lane.deliver();

      const sent: number[] = [];
      const deliver = { "1": 0, "3": 0, "10": 0, "40": 0, "100": 0, "250": 0 };
      for (const batch of BATCHES) {
        sent.push(...(await send(Number(batch))));
        deliver[batch] = (await lane.deliver()) / Number(batch);
      }
      const average = sent.reduce((sum, gas) => sum + gas, 0) / sent.length;
      // A head that was shown and delivered to, whose place the next one takes.
      await send(1);
      await lane.proveHead();
      await lane.deliverProven();
      await send(100);
      const backlog = await measureBacklog(lane);
      await lane.refuse(true);
      await send(1);
      const retry = await measureRetry(lane);
      return { send: average, deliver, urgent: deliver["1"], ...backlog, retry };
    },
    { blockTimeMs: 0, hardfork },
  );
}

/** With a hundred messages pending. */
async function measureBacklog(lane: BenchLane) {
  const headerUpdate = await lane.proveHead();
  const byOne = await lane.proveEarlierHead(1);
  const byNinety = await lane.proveEarlierHead(90);
  return {
    headerUpdate,
    proveHead: headerUpdate,
    proveEarlierHeadPerHash: (byNinety - byOne) / 89,
    deliverProven100: (await lane.deliverProven()) / 100,
  };
}

/** With one message pending, and a recipient that refuses it. */
async function measureRetry(lane: BenchLane): Promise<number> {
  const [failed] = lane.pending;
  await lane.deliver();
  await lane.refuse(false);
  return await lane.retry(failed as Message);
}

/** Besides the accounts and senders that are there anyway. */
async function populate({ trade, gateways }: BenchNetwork): Promise<void> {
  const funder = await Sender.open("deployer", trade.provider);
  for (let index = 0; index < ACCOUNTS; index++) {
    await funder.push({ to: seededBytes(`account ${index}`, 20), value: 1n, gasLimit: 21_000n });
  }
  const operator = await Sender.open("operator", trade.provider);
  for (let index = 0; index < SLOTS; index++) {
    const data = gatewayAbi.encodeFunctionData("openLog", [seededBytes(`sender ${index}`, 20)]) as Hex;
    await operator.push({ to: gateways.trade.address, data, gasLimit: 200_000n });
  }
}

async function openLane(network: BenchNetwork, sender: Hex): Promise<BenchLane> {
  const { trade, finance } = network.gateways;
  await network.openLog(sender);
  return new BenchLane({
    sender,
    cursor: genesis(trade.chain.chainId, trade.address, sender),
    gateway: finance.address,
    deliverer: await Sender.open("relayer", network.finance.provider),
    recipient: await deployBenchContract("BenchRecipient", network.finance.provider),
    prove: async (head) => await prove(network, sender, head),
  });
}

async function sendMessage(network: BenchNetwork, source: Sender, { recipient, payload }: Message): Promise<number> {
  const { trade, finance } = network.gateways;
  const to = formatInteroperableAddress({ chainId: finance.chain.chainId, account: recipient });
  const data = gatewayAbi.encodeFunctionData("sendMessage", [to, payload, []]) as Hex;
  return await source.gasOf({ to: trade.address, data });
}

/** By the relayer's own code, at the source's latest block. */
async function prove({ gateways, config }: BenchNetwork, sender: Hex, head: Hex): Promise<HeadProof> {
  const attestations = new AttestationClient({ urls: config.relayer?.attestors ?? [], timeoutMs: 5_000 });
  const { proof } = await proveHead({
    source: gateways.trade,
    destination: gateways.finance,
    seals: new AttestedSeals(attestations),
    sender,
    block: await gateways.trade.chain.blockNumber(),
    head,
    signal: AbortSignal.timeout(10_000),
    reportEquivocation: async () => undefined,
  });
  return proof;
}
