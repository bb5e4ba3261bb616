import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { HuangpuError } from "../src/core/errors.ts";
import { Schemas } from "../src/iso20022/schemas.ts";
import { createLogger, type Logger } from "../src/telemetry/logger.ts";
import { type Behaviours, parseAccountBook, parseBehaviours, REGULAR, readJson } from "./config.ts";
import { Operator } from "./operator.ts";
import { createAdminServer, createLedgerServer } from "./server.ts";

const HOST = "127.0.0.1";
/** How often what is due is looked for, in milliseconds. */
const TICK_MS = 50;

interface Options {
  port: number;
  adminPort?: number;
  database: string;
  accounts: string;
  behaviours?: string;
  schemas?: string;
}

const program = new Command("central-ledger")
  .description("A ledger of central-bank money that speaks ISO 20022, for demonstrations and tests; on 127.0.0.1 only")
  .requiredOption("--accounts <file>", "ledger, instructing parties and accounts with opening balances, JSON")
  .requiredOption("--database <file>", "where everything is kept")
  .option("--port <number>", "for members; 0 takes a free one", port, 7500)
  .option("--admin-port <number>", "for behaviours and reversals; closed unless it is given", port)
  .option("--behaviours <file>", "how the ledger misbehaves, JSON")
  .option("--schemas <folder>", "the genuine schemas, to check all messages by")
  .action(async (options: Options) => await run(options));

async function run({ port, adminPort, database, accounts, ...files }: Options): Promise<void> {
  const logger = createLogger("info");
  let behaviours: Behaviours = files.behaviours === undefined ? REGULAR : parseBehaviours(readJson(files.behaviours));
  const schemas = files.schemas === undefined ? undefined : Schemas.load(files.schemas);
  const operator = new Operator(database, parseAccountBook(readJson(accounts)), {
    now: Date.now,
    behaviours: () => behaviours,
    crash: () => process.kill(process.pid, "SIGKILL"),
    ...(schemas === undefined ? {} : { schemas }),
  });
  const servers = [createLedgerServer(operator, logger)];
  await servers[0]?.listen({ host: HOST, port });
  if (adminPort !== undefined) {
    const admin = createAdminServer(operator, (changed) => (behaviours = changed), logger);
    servers.push(admin);
    await admin.listen({ host: HOST, port: adminPort });
  }
  const addresses = servers.map((server) => server.listeningOrigin);
  logger.info({ url: addresses[0], ...(addresses[1] === undefined ? {} : { adminUrl: addresses[1] }) }, "Started");

  const ticking = setInterval(() => settleDue(operator, logger), TICK_MS);
  const stop = async () => {
    clearInterval(ticking);
    for (const server of servers) await server.close();
    operator.close();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/** What fails stays due. */
function settleDue(operator: Operator, logger: Logger): void {
  try {
    operator.settleDue();
  } catch (error) {
    logger.error({ reason: String(error) }, "Failed to book what is due");
  }
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError("a number up to 65535");
  return Number(text);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof HuangpuError ? `${error.code}: ${error.message}` : error}\n`);
  process.exitCode = 1;
}
