import { existsSync } from "node:fs";
import { Chain } from "../../chains/chain.ts";
import { type DevelopmentAccount, developmentAccounts } from "../../config/development.ts";
import { loadKey } from "../../config/keys.ts";
import { type Environment, loadConfig, localConfigFile, requireSection } from "../../config/load.ts";
import type { DocumentsConfig, KeySource } from "../../config/schema.ts";
import { HuangpuError } from "../../core/errors.ts";
import type { Hex } from "../../core/hex.ts";
import { RegisteredDocuments } from "../registered-documents.ts";
import { Registrar } from "../registrar.ts";

/** What the command line says of the chain. */
export interface ChainOptions {
  config?: string;
  as?: string;
}

export interface OpenRegistry {
  /** What the registry says now. */
  look(): Promise<RegisteredDocuments>;
  /** For the account of the configuration, or that of `--as`. @throws HuangpuError KEY_REFUSED, CONFIG_INVALID */
  registrar(): Promise<Registrar>;
  close(): void;
}

/**
 * Opens the document registry of a configuration; of a local network's when none is named.
 * @throws HuangpuError CONFIG_INVALID
 */
export function openRegistry({ config: file, as }: ChainOptions, environment: Environment): OpenRegistry {
  const config = loadConfig(file ?? localConfig(environment), environment);
  const section = requireSection(config.documents, "documents");
  const { trade } = config.chains;
  const chain = new Chain({ name: "trade", ...trade });
  const registry = section.registry as Hex;
  const participants = section.participants as Hex;
  return {
    look: () => RegisteredDocuments.at(chain, { registry, participants }, trade.confirmations),
    registrar: async () => {
      const { pollMs, receiptTimeoutMs } = section;
      const fees = { priorityFee: trade.priorityFeeWei, ceiling: trade.maxFeePerGasWei, bumpPercent: 0 };
      const wallet = await loadKey(keyOf(section, as), [trade.chainId], environment);
      return new Registrar({ registry, fees, pollMs, receiptTimeoutMs }, chain, wallet);
    },
    close: () => chain.close(),
  };
}

function keyOf({ key }: DocumentsConfig, as: string | undefined): KeySource {
  if (as !== undefined) {
    if (isDevelopmentAccount(as)) return { development: as };
    throw new HuangpuError("KEY_REFUSED", `--as must be one of ${developmentAccounts.join(", ")}`);
  }
  if (key !== undefined) return key;
  throw new HuangpuError("CONFIG_INVALID", 'The section "documents" names no key; on local chains, --as ACCOUNT does');
}

function localConfig(environment: Environment): string {
  const file = localConfigFile(environment);
  if (existsSync(file)) return file;
  throw new HuangpuError(
    "CONFIG_INVALID",
    "Name a configuration with --config, or start a local network: npm run node",
  );
}

function isDevelopmentAccount(name: string): name is DevelopmentAccount {
  return (developmentAccounts as readonly string[]).includes(name);
}
