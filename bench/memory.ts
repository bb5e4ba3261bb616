import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Hex } from "../src/core/hex.ts";
import { formatInteroperableAddress } from "../src/core/interoperable-address.ts";
import { deployBenchContract } from "./bench-contract.ts";
import { withNetwork } from "./network.ts";
import { RelayerProcess, relayerConfig } from "./relayer-process.ts";
import { Sender } from "./sender.ts";

/** Resident memory of a relayer process, in MiB, by how many messages it has delivered. */
export type MemoryFigures = { messages: number; rssMiB: number }[];

/** Messages sent by one transaction. */
export const MEMORY_BATCH = 50;
const UNDER_WAY = 500;
const SETTLE_MS = 2_000;

/** Whether a relayer grows with what it has done. @param counts Of messages, ascending, each a multiple of a batch. */
export async function measureMemory(counts: readonly number[]): Promise<MemoryFigures> {
  return await withNetwork(async (network) => {
    const { trade, finance, gateways, config } = network;
    const recipient = await deployBenchContract("BenchRecipient", finance.provider);
    const sender = await deployBenchContract("BenchSender", trade.provider, [gateways.trade.address]);
    await network.openLog(sender.address);
    const account = await Sender.open("stranger", trade.provider);
    const to = formatInteroperableAddress({ chainId: gateways.finance.chain.chainId, account: recipient.address });

    const relayer = await RelayerProcess.load();
    try {
      await relayer.start(relayerConfig(config, join(network.directory, "memory.sqlite")));
      const figures: MemoryFigures = [];
      let sent = 0;
      for (const messages of counts) {
        for (; sent < messages; sent += MEMORY_BATCH) {
          const data = sender.abi.encodeFunctionData("send", [to, sent, MEMORY_BATCH]) as Hex;
          await relayer.delivered(sent - UNDER_WAY);
          await account.run({ to: sender.address, data });
        }
        await relayer.delivered(messages);
        await sleep(SETTLE_MS);
        figures.push({ messages, rssMiB: await relayer.rssMiB() });
      }
      return figures;
    } finally {
      await relayer.stop();
    }
  });
}
