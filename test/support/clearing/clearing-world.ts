import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currencyCode } from "../../../deploy/modules/finance-chain.ts";
import { demoMembers, entityOf, memberId, operatorEntity } from "../../../scripts/local/entities.ts";
import { type RunningRole, startClearing } from "../../../src/app.ts";
import { ClearingJournal } from "../../../src/clearing/clearing-journal.ts";
import type { ClearingEvent } from "../../../src/clearing/events.ts";
import type { ExceptionCode } from "../../../src/clearing/exceptions.ts";
import { parseConfig } from "../../../src/config/load.ts";
import type { Config, ConfigInput } from "../../../src/config/schema.ts";
import { completeLei } from "../../../src/core/codes/lei.ts";
import { createLogger } from "../../../src/telemetry/logger.ts";
import { eventually, eventuallyTrue } from "../world/eventually.ts";
import { type Child, runScript } from "../world/process.ts";
import { startWorld, type World } from "../world/world.ts";

type Currency = "CNY" | "USD";
type Member = (typeof demoMembers)[number];

/** Who keeps the central ledger. */
export const KEEPER = completeLei("8945HPUCENTRALBANK");
export const AGENT = completeLei(operatorEntity.leiBody);
const HOUR = 3_600_000;
/** Hundredths that every account at the central ledger begins with. */
export const OPENING = 100_000_000_00n;

export const leiOfMember = (member: Member) => completeLei(entityOf(member).leiBody);

/** `IClearingHouse.State`, as far as positions have it. */
const POSITION_STATES = [
  "Unknown",
  "Queued",
  "Cancelled",
  "Provisional",
  "Netted",
  "Instructed",
  "Cleared",
  "Rejected",
];

export interface AgentOptions {
  journal?: string;
  /** Another endpoint than the chain's own. */
  rpcUrl?: string;
  /** Another central ledger than the real one. */
  ledgerUrl?: string;
  timeoutMs?: number;
  cycleMs?: number;
  answerTimeoutMs?: number;
}

/** A clearing agent and everything it told. */
export interface WatchedAgent extends RunningRole {
  events: readonly ClearingEvent[];
  told<T extends ClearingEvent["type"]>(type: T): Extract<ClearingEvent, { type: T }>[];
}

/** The chains as just deployed, the central ledger as a process of its own, and agents between them. */
export class ClearingWorld {
  readonly world: World;
  readonly directory: string;
  ledgerUrl = "";
  adminUrl = "";
  #ledger: Child | undefined;
  readonly #agents: RunningRole[] = [];

  private constructor(world: World, directory: string) {
    this.world = world;
    this.directory = directory;
  }

  static async start(): Promise<ClearingWorld> {
    const world = await startWorld();
    const clearing = new ClearingWorld(world, mkdtempSync(join(tmpdir(), "huangpu-clearing-")));
    await clearing.startLedger();
    return clearing;
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents.splice(0).reverse()) await agent.stop();
    await this.#ledger?.stop();
    await this.world.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Starts the central ledger, or starts it again on what it has written. */
  async startLedger(): Promise<void> {
    const accounts = join(this.directory, "accounts.json");
    const leis = [AGENT, ...demoMembers.map(leiOfMember)];
    const opening = `${OPENING / 100n}.00`;
    const book = {
      ledger: KEEPER,
      instructing: [AGENT],
      accounts: [...new Set(leis)].flatMap((lei) => ["CNY", "USD"].map((currency) => ({ lei, currency, opening }))),
    };
    writeFileSync(accounts, JSON.stringify(book));
    const database = join(this.directory, "ledger.sqlite");
    const args = ["--accounts", accounts, "--database", database, "--port", "0", "--admin-port", "0"];
    this.#ledger = runScript("central-ledger/main.ts", args);
    const started = JSON.parse(await this.#ledger.line(/"Started"/));
    this.ledgerUrl = started.url;
    this.adminUrl = started.adminUrl;
  }

  async stopLedger(): Promise<void> {
    await this.#ledger?.stop("SIGKILL");
  }

  async behave(behaviours: unknown): Promise<void> {
    await this.#put("PUT", "behaviours", behaviours);
  }

  async reverse(uetr: string): Promise<void> {
    await this.#put("POST", `reversals/${uetr}`, {});
  }

  /** One bank owes another from now on, as a payment between their customers would make it. In millionths. */
  async owe(debtor: Member, creditor: Member, currency: Currency, amount: bigint): Promise<void> {
    await this.#asPayments("book", debtor, creditor, currency, amount);
  }

  /** The same, and it waits in the queue where the debtor's cap does not allow it. */
  async submit(debtor: Member, creditor: Member, currency: Currency, amount: bigint): Promise<void> {
    await this.#asPayments("submit", debtor, creditor, currency, amount);
  }

  async #asPayments(
    name: "book" | "submit",
    debtor: Member,
    creditor: Member,
    currency: Currency,
    amount: bigint,
  ): Promise<void> {
    const { finance, deployment } = this.world;
    const { payments, clearingHouse } = deployment.finance;
    const { provider } = finance;
    await provider.send("hardhat_impersonateAccount", [payments]);
    await provider.send("hardhat_setBalance", [payments, "0xde0b6b3a7640000"]);
    const legs = [{ debtor: memberId(debtor), creditor: memberId(creditor), currency: currencyCode(currency), amount }];
    const { interface: abi } = this.world.as("stranger").finance.clearingHouse;
    const data = name === "book" ? abi.encodeFunctionData(name, [legs]) : abi.encodeFunctionData(name, [legs, 2]);
    await provider.send("eth_sendTransaction", [{ from: payments, to: clearingHouse, data, gas: "0x200000" }]);
  }

  config(options: AgentOptions = {}): Config {
    return parseConfig(this.configInput(options), "test");
  }

  configInput({
    journal = "clearing.sqlite",
    rpcUrl,
    ledgerUrl = this.ledgerUrl,
    ...options
  }: AgentOptions = {}): ConfigInput {
    const { trade, finance } = this.world.chains;
    const { timeoutMs = 5_000, cycleMs = HOUR, answerTimeoutMs = HOUR } = options;
    const chains: ConfigInput["chains"] = {
      trade,
      finance: { ...finance, timeoutMs, rpcUrls: [rpcUrl ?? finance.rpcUrls].flat() },
    };
    const clearing = {
      key: { development: "clearingAgent" as const },
      journal: journal === ":memory:" ? journal : join(this.directory, journal),
      house: this.world.deployment.finance.clearingHouse,
      agent: AGENT,
      centralLedger: { url: ledgerUrl, lei: KEEPER, timeoutMs },
      cycleMs,
      answerTimeoutMs,
      pollMs: 20,
      idlePollMs: 40,
      retryMs: 20,
      maxRetryMs: 80,
    };
    return { chains, clearing };
  }

  async startAgent(options: AgentOptions = {}): Promise<WatchedAgent> {
    const events: ClearingEvent[] = [];
    const running = await startClearing(this.config(options), {
      environment: {},
      logger: createLogger("silent"),
      clearingObserver: (event) => void events.push(event),
    });
    let stopping: Promise<void> | undefined;
    const agent: WatchedAgent = {
      ended: running.ended,
      stop: () => (stopping ??= running.stop()),
      events,
      told: (type) => events.filter((event) => event.type === type) as never,
    };
    this.#agents.push(agent);
    return agent;
  }

  /** Waits until an agent has told of something. */
  async told(agent: WatchedAgent, type: ClearingEvent["type"]): Promise<void> {
    await eventuallyTrue(`the agent to tell of ${type}`, () => agent.told(type).length > 0);
  }

  /** Lets the open cycle grow as old as the agents close one. */
  async passCycle(): Promise<void> {
    await this.world.passTime(HOUR / 1_000);
  }

  /** @param agent Which must have told so, too. */
  async finished(cycle: number, agent?: WatchedAgent): Promise<void> {
    const { clearingHouse } = this.world.as("stranger").finance;
    await eventuallyTrue(`cycle ${cycle} to be finished`, async () => {
      const { closedAt, pending } = await clearingHouse.cycle(cycle);
      return closedAt > 0n && pending === 0n;
    });
    if (agent === undefined) return;
    const told = () => agent.told("cycleFinished").some((event) => event.cycle === cycle);
    await eventuallyTrue(`the agent to tell that cycle ${cycle} is finished`, told);
  }

  async position(cycle: number, member: Member, currency: Currency): Promise<{ instructed: bigint; state: string }> {
    const { clearingHouse } = this.world.as("stranger").finance;
    const { instructed, state } = await clearingHouse.position(cycle, memberId(member), currencyCode(currency));
    return { instructed, state: POSITION_STATES[Number(state)] ?? "" };
  }

  /** What an account at the central ledger has now, in hundredths, as its own statement of today says. */
  async balance(lei: string, currency: Currency): Promise<bigint> {
    const today = new Date().toISOString().slice(0, 10);
    const response = await fetch(`${this.ledgerUrl}/statements/${lei}-${currency}/${today}`);
    const text = await response.text();
    const closing = /<Cd>CLBD<\/Cd>.*?<Amt[^>]*>([\d.]+)<\/Amt>/s.exec(text)?.[1];
    if (closing === undefined) throw new Error(`No closing balance in ${text}`);
    return BigInt(closing.replace(".", ""));
  }

  /** Exceptions in a journal, by code. */
  exceptions(journal = "clearing.sqlite"): ExceptionCode[] {
    const opened = new ClearingJournal(join(this.directory, journal));
    try {
      return opened.exceptions().map(({ code }) => code);
    } finally {
      opened.close();
    }
  }

  async excepted(code: ExceptionCode): Promise<void> {
    await eventually(`an exception ${code}`, () => (this.exceptions().includes(code) ? true : undefined));
  }

  async #put(method: string, path: string, body: unknown): Promise<void> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${this.adminUrl}/${path}`, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(await response.text());
  }
}
