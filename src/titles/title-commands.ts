import process from "node:process";
import type { Command } from "commander";
import { Chain } from "../chains/chain.ts";
import { Gateway } from "../chains/gateway.ts";
import { type Environment, loadConfig, requireSection } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { AttestationClient } from "../relayer/attestation-client.ts";
import { AttestedSeals } from "../relayer/attested-seals.ts";
import { QbftSeals } from "../relayer/qbft-seals.ts";
import { proveTitle, type TitleProof } from "./title-proof.ts";

interface ProveOptions {
  config: string;
  facts: string;
  registry: string;
  token: string;
  holder: string;
  beneficiary: string;
  trade: string;
  block?: string;
}

const PATIENCE_MS = 60_000;

/** What whoever waits for a title of another registry asks of a node. Needs a relayer's configuration, and no key. */
export function addTitleCommands(program: Command, environment: Environment): void {
  program
    .command("prove-title")
    .description("prove where a title of a TradeTrust registry is, for Settlement.reachByTitle; JSON")
    .requiredOption("--config <file>", "configuration with a relayer's section, JSON")
    .requiredOption("--facts <address>", "TitleFacts on the finance chain")
    .requiredOption("--registry <address>", "title registry on the trade chain")
    .requiredOption("--token <id>", "what the registry calls the title: decimal, or hexadecimal with 0x")
    .requiredOption("--holder <address>", "who must have it")
    .requiredOption("--beneficiary <address>", "who must own it")
    .requiredOption("--trade <id>", "the trade that keeps it, which is to be paid")
    .option("--block <number>", "block of the trade chain to prove at; the newest final one without it")
    .action(async (options: ProveOptions) => {
      const proof = await prove(loadConfig(options.config, environment), options);
      process.stdout.write(`${JSON.stringify(proof, null, 2)}\n`);
    });
}

async function prove(config: Config, options: ProveOptions): Promise<TitleProof> {
  const condition = {
    registry: address("--registry", options.registry),
    tokenId: tokenId(options.token),
    holder: address("--holder", options.holder),
    beneficiary: address("--beneficiary", options.beneficiary),
  };
  const keptFor = tradeId(options.trade);
  const titleFacts = address("--facts", options.facts);
  const { attestors: urls, attestorTimeoutMs: timeoutMs } = requireSection(config.relayer, "relayer");
  const { trade, finance } = config.chains;
  const source = new Gateway(new Chain({ name: "trade", ...trade }), trade.gateway);
  const destination = new Gateway(new Chain({ name: "finance", ...finance }), finance.gateway);
  const seals =
    trade.headers === "qbft" ? new QbftSeals() : new AttestedSeals(new AttestationClient({ urls, timeoutMs }));
  try {
    const newest = (await source.chain.blockNumber()) - trade.confirmations;
    const block = options.block === undefined ? newest : blockNumber(options.block);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return await proveTitle({ source, destination, seals, titleFacts, condition, tradeId: keptFor, block, signal });
  } finally {
    source.chain.close();
    destination.chain.close();
  }
}

function address(option: string, text: string): Hex {
  if (/^0x[0-9a-f]{40}$/i.test(text)) return text.toLowerCase() as Hex;
  throw new HuangpuError("CONFIG_INVALID", `${option} "${text}" is no address`);
}

function tokenId(text: string): bigint {
  const id = /^(?:0x[0-9a-f]{1,64}|\d{1,78})$/i.test(text) ? BigInt(text) : 0n;
  if (id > 0n && id < 1n << 256n) return id;
  throw new HuangpuError("CONFIG_INVALID", `--token "${text}" is no token`);
}

function tradeId(text: string): Hex {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase() as Hex;
  throw new HuangpuError("CONFIG_INVALID", `--trade "${text}" is no trade`);
}

function blockNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new HuangpuError("CONFIG_INVALID", `--block "${text}" is no block`);
}
