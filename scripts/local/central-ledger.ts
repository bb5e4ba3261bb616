import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { completeLei } from "../../src/core/codes/lei.ts";
import { centralLedgerLei, demoMembers, entityOf, operatorEntity } from "./entities.ts";

/** What every account at the central ledger begins with, in the currency's unit. */
const OPENING = "50000000.00";
const ROOT = join(import.meta.dirname, "..", "..");

/** The central ledger's simulator, a process of its own. */
export interface CentralLedgerProcess {
  /** Where members reach it, and where whoever runs it says how it misbehaves. */
  url: string;
  adminUrl: string;
  stop(): Promise<void>;
}

/** Starts it with an account for every member and currency, on free ports of 127.0.0.1. @throws Error when it ends instead. */
export async function startCentralLedger(directory: string): Promise<CentralLedgerProcess> {
  mkdirSync(directory, { recursive: true });
  const accounts = join(directory, "central-ledger-accounts.json");
  writeFileSync(accounts, JSON.stringify(accountBook()));
  const database = join(directory, "central-ledger.sqlite");
  const ports = ["--port", "0", "--admin-port", "0"];
  const files = ["--accounts", accounts, "--database", database];
  const child = spawn(process.execPath, ["central-ledger/main.ts", ...files, ...ports], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => {
      process.removeListener("exit", kill);
      resolve();
    });
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url, adminUrl } = parse(line);
    if (msg !== "Started" || url === undefined || adminUrl === undefined) continue;
    child.stdout.resume();
    return {
      url,
      adminUrl,
      stop: async () => {
        child.kill("SIGTERM");
        await ended;
      },
    };
  }
  throw new Error("The central ledger ended before it had started");
}

function accountBook() {
  const leis = new Set(demoMembers.map((member) => completeLei(entityOf(member).leiBody)));
  return {
    ledger: centralLedgerLei,
    instructing: [completeLei(operatorEntity.leiBody)],
    accounts: [...leis].flatMap((lei) => ["CNY", "USD"].map((currency) => ({ lei, currency, opening: OPENING }))),
  };
}

function parse(line: string): { msg?: string; url?: string; adminUrl?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
