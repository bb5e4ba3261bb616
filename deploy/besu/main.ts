import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { HuangpuError } from "../../src/core/errors.ts";
import { type Deployment, deploymentSchema } from "../deployment.ts";
import { captureOf, replay } from "./doctor/capture.ts";
import { exitCodeOf } from "./doctor/check.ts";
import { diagnose } from "./doctor/doctor.ts";
import { endpointsOf } from "./doctor/endpoints.ts";
import { renderReport } from "./doctor/report.ts";
import { generate } from "./generate.ts";
import { loadNetwork } from "./load-network.ts";
import type { Network } from "./network-schema.ts";
import { writeFiles } from "./write-files.ts";

const program = new Command("besu").description("Both chains on Hyperledger Besu QBFT, from one network file");

// Commander's own 1 would be taken for a doctor's warning.
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

program
  .command("generate")
  .description("write what every host needs; nothing secret is read or written")
  .argument("<network>", "network file, YAML")
  .requiredOption("--out <folder>", "where to; a folder of its own")
  .option("--deployment <file>", "addresses of the contracts, JSON, for the relayers")
  .option("--force", "change files that are there already", false)
  .action((file: string, { out, deployment, force }: { out: string; deployment?: string; force: boolean }) => {
    const network = loadNetwork(file);
    const deployed = deployment === undefined ? undefined : loadDeployment(deployment, network);
    const { written, removed } = writeFiles(out, generate(network, deployed), force);
    for (const path of removed) console.log(`removed  ${path}`);
    for (const path of written) console.log(`written  ${path}`);
    if (written.length + removed.length === 0) console.log("Nothing has changed");
  });

program
  .command("doctor")
  .description("compare a live network with its file; exit code 0 all is well, 1 something to look at, 2 wrong")
  .argument("<network>", "network file, YAML")
  .option("--on <host>", "the host that this runs on, whose loopback is asked")
  .option("--url <node=url>", "CHAIN/HOST=URL: where a node is reached, by a tunnel or proxy; repeatable", collectUrl)
  .option("--deployment <file>", "addresses of the contracts, JSON, whose code should be there")
  .option("--timeout <ms>", "for one answer, in milliseconds", parseCount, 5_000)
  .option("--blocks <count>", "headers of each chain to look back over", parseCount, 100)
  .option("--capture <file>", "write headers and proofs, for `replay` and for this repository's tests")
  .option("--json", "print the checks as JSON", false)
  .addHelpText("after", "\nHUANGPU_RPC_TOKEN in the environment is sent to RPCs that want a token.")
  .action(runDoctor);

program
  .command("replay")
  .description("check the headers, seals and proofs of a capture again")
  .argument("<capture>", "what `doctor --capture` wrote")
  .action(async (file: string) => {
    const { headers, proofs } = await replay(read(file));
    console.log(`${headers} headers and ${proofs} proofs hold`);
  });

interface DoctorFlags {
  on?: string;
  url?: ReadonlyMap<string, string>;
  deployment?: string;
  timeout: number;
  blocks: number;
  capture?: string;
  json: boolean;
}

async function runDoctor(file: string, flags: DoctorFlags): Promise<void> {
  const network = loadNetwork(file);
  if (flags.capture !== undefined && existsSync(flags.capture)) {
    throw new HuangpuError("CONFIG_INVALID", `${flags.capture} exists already; a capture takes the place of nothing`);
  }
  const { checks, facts } = await diagnose({
    network,
    endpoints: endpointsOf(network, {
      urls: flags.url ?? new Map(),
      ...(flags.on === undefined ? {} : { on: flags.on }),
    }),
    timeoutMs: flags.timeout,
    lookBack: flags.blocks,
    token: process.env["HUANGPU_RPC_TOKEN"],
    deployment: flags.deployment === undefined ? undefined : loadDeployment(flags.deployment, network),
    now: () => Math.floor(Date.now() / 1_000),
  });
  if (flags.capture !== undefined) {
    const capture = captureOf(network, facts, new Date());
    writeFileSync(flags.capture, `${JSON.stringify(capture, undefined, 2)}\n`, { flag: "wx" });
  }
  console.log(flags.json ? JSON.stringify(checks, undefined, 2) : renderReport(checks));
  process.exitCode = exitCodeOf(checks);
}

function loadDeployment(file: string, { chains }: Network): Deployment {
  const parsed = deploymentSchema.safeParse(readJson(file));
  if (!parsed.success) {
    throw new HuangpuError("CONFIG_INVALID", `${file} is no deployment:\n${z.prettifyError(parsed.error)}`);
  }
  for (const name of ["trade", "finance"] as const) {
    if (parsed.data[name].chainId === chains[name].chainId) continue;
    throw new HuangpuError("CONFIG_INVALID", `${file} is of another ${name} chain, ${parsed.data[name].chainId}`);
  }
  return parsed.data;
}

function readJson(file: string): unknown {
  const text = read(file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HuangpuError("CONFIG_INVALID", `${file} is not JSON`, { cause });
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HuangpuError("CONFIG_INVALID", `${file} cannot be read: ${reason}`, { cause });
  }
}

function collectUrl(given: string, urls: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, node, url] = /^((?:trade|finance)\/[a-z0-9-]+)=(https?:\/\/.+)$/.exec(given) ?? [];
  if (node === undefined || url === undefined || !URL.canParse(url)) {
    throw new InvalidArgumentError("It must be like trade/bank-a-rpc=http://127.0.0.1:18545.");
  }
  return new Map([...urls, [node, url]]);
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("It must be a number above 0.");
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof HuangpuError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 2;
}
