import { join } from "node:path";
import { AbiCoder, encodeBytes32String, type ParamType } from "ethers";
import { financeContracts, tradeContracts } from "../deploy/contracts.ts";
import { coinAt } from "../deploy/deployment.ts";
import { documentTypes } from "../scripts/local/entities.ts";
import { developmentWallet } from "../src/config/development.ts";
import { type Hex, keccak256 } from "../src/core/hex.ts";
import { type BenchNetwork, withNetwork } from "./network.ts";
import { rawTransactions } from "./raw-transactions.ts";
import { RelayerProcess, relayerConfig } from "./relayer-process.ts";
import { Sender } from "./sender.ts";
import { timed } from "./timed.ts";

export interface DrainFigures {
  messages: number;
  /** The relayer's throughput beside that of its own transactions sent again, one after the other. */
  ratio: number;
  /** The fastest of the runs: what else the machine does can only lengthen one. */
  drainSeconds: number;
  /** Likewise. */
  replaySeconds: number;
  transactions: number;
}

interface Run {
  drainSeconds: number;
  replaySeconds: number;
  transactions: number;
}

const RUNS = 7;
const THIRTY_DAYS = 30 * 24 * 3600;

/** How much of the time in which a backlog of agreed trades opens its escrows is the chain's own. */
export async function measureDrain(messages: number): Promise<DrainFigures> {
  return await withNetwork(async (network) => {
    await agreeTrades(network, messages);
    const runs: Run[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await drainAndReplay(network, messages, run));
    const drainSeconds = Math.min(...runs.map((run) => run.drainSeconds));
    const replaySeconds = Math.min(...runs.map((run) => run.replaySeconds));
    const transactions = Math.max(...runs.map((run) => run.transactions));
    return { messages, ratio: replaySeconds / drainSeconds, drainSeconds, replaySeconds, transactions };
  });
}

async function drainAndReplay(network: BenchNetwork, messages: number, run: number): Promise<Run> {
  const { finance } = network;
  const before = await finance.provider.getBlockNumber();
  let snapshot: string = await finance.provider.send("evm_snapshot", []);

  const drainSeconds = await drain(network, messages, join(network.directory, `drain-${run}.sqlite`));
  const drained = await assertOpened(network, messages);
  const raws = await rawTransactions(finance.provider, before + 1, await finance.provider.getBlockNumber());

  await finance.provider.send("evm_revert", [snapshot]);
  snapshot = await finance.provider.send("evm_snapshot", []);
  const replaySeconds = await timed(async () => {
    for (const raw of raws) await finance.provider.send("eth_sendRawTransaction", [raw]);
  });
  const replayed = await assertOpened(network, messages);
  if (replayed !== drained) throw new Error("The replay ended in another state than the relayer did");
  await finance.provider.send("evm_revert", [snapshot]);

  return { drainSeconds, replaySeconds, transactions: raws.length };
}

/** How long a relayer takes that knows of nothing yet, from its first look at the chains. */
async function drain({ config }: BenchNetwork, messages: number, journal: string): Promise<number> {
  const relayer = await RelayerProcess.load();
  try {
    await relayer.start(relayerConfig(config, journal));
    return await timed(async () => await relayer.delivered(messages));
  } finally {
    await relayer.stop();
  }
}

/** Sales that differ in their reference only, proposed and accepted. */
async function agreeTrades({ deployment, trade }: BenchNetwork, count: number): Promise<void> {
  const { tradeBook } = tradeContracts(deployment.trade, trade.provider);
  const to = deployment.trade.tradeBook as Hex;
  const [seller, buyer] = [await Sender.open("seller", trade.provider), await Sender.open("buyer", trade.provider)];
  const [carrier, broker] = [developmentWallet("carrier").address, developmentWallet("broker").address];
  const expiry = Math.floor(Date.now() / 1_000) + THIRTY_DAYS;
  const [termsType] = tradeBook.interface.getFunction("propose").inputs as [ParamType];
  for (let index = 0; index < count; index++) {
    const terms = {
      buyer: buyer.address,
      currency: encodeBytes32String("USD").slice(0, 8),
      coin: coinAt(deployment, "USD"),
      amount: 5_000_000_000n,
      expiry,
      purchaseReference: encodeBytes32String(`BENCH-${index}`),
      milestones: [
        { share: 3_000, requirements: [{ documentType: documentTypes.billOfLading, issuer: carrier }] },
        { share: 7_000, requirements: [{ documentType: documentTypes.customsDeclaration, issuer: broker }] },
      ],
      titles: [],
    };
    const id = keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["uint256", "address", "address", termsType],
        [deployment.trade.chainId, to, seller.address, terms],
      ) as Hex,
    );
    await seller.push({ to, data: tradeBook.interface.encodeFunctionData("propose", [terms]) as Hex });
    await buyer.push({ to, data: tradeBook.interface.encodeFunctionData("accept", [id]) as Hex });
  }
}

/** The settlement's storage root, once as many escrows are open as trades were agreed. */
async function assertOpened({ deployment, finance }: BenchNetwork, count: number): Promise<string> {
  const { settlement } = financeContracts(deployment.finance, finance.provider);
  const opened = await settlement.queryFilter(settlement.filters.EscrowOpened());
  if (opened.length !== count) throw new Error(`${opened.length} of ${count} escrows are open`);
  const { storageHash } = await finance.provider.send("eth_getProof", [deployment.finance.settlement, [], "latest"]);
  return storageHash;
}
