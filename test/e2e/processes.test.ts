import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { parseEther, Wallet } from "ethers";
import { openProvider } from "../../scripts/local/chains.ts";
import { developmentWallet, LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import type { ConfigInput } from "../../src/config/schema.ts";
import { freePort } from "../support/world/free-port.ts";
import { expectSound } from "../support/world/ledger.ts";
import { type Child, runScript } from "../support/world/process.ts";
import { createStage, type Stage } from "../support/world/stage.ts";
import {
  AMOUNT,
  agree,
  clear,
  EscrowState,
  fund,
  look,
  opened,
  ship,
  type Trade,
  TradeState,
} from "../support/world/trades.ts";

const PASSWORD = "correct horse battery staple";

describe("the node as processes", () => {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-e2e-"));
  const relayerKey = Wallet.createRandom();
  const running: Child[] = [];
  let stage: Stage;
  let chains: ConfigInput["chains"];
  let attestors: { url: string; child: Child }[];

  before(async function () {
    this.timeout(60_000);
    const served = start("test/support/world/serve-chains.ts", []);
    const { tradeRpcUrl, financeRpcUrl, deployment } = JSON.parse(await served.line(/^\{"tradeRpcUrl/));
    const trade = { rpcUrl: tradeRpcUrl, provider: openProvider(tradeRpcUrl, LOCAL_CHAIN_IDS.trade) };
    const finance = { rpcUrl: financeRpcUrl, provider: openProvider(financeRpcUrl, LOCAL_CHAIN_IDS.finance) };
    stage = createStage({ deployment, trade, finance }, directory);
    chains = {
      trade: { chainId: deployment.trade.chainId, rpcUrls: [tradeRpcUrl], gateway: deployment.trade.gateway },
      finance: { chainId: deployment.finance.chainId, rpcUrls: [financeRpcUrl], gateway: deployment.finance.gateway },
    };
    for (const { provider } of [trade, finance]) {
      const rich = developmentWallet("stranger").connect(provider);
      await (await rich.sendTransaction({ to: relayerKey.address, value: parseEther("10") })).wait();
    }
    attestors = await startAttestors();
  });

  after(async () => {
    for (const child of running.reverse()) await child.stop();
    for (const side of ["trade", "finance"] as const) stage?.[side].provider.destroy();
    rmSync(directory, { recursive: true, force: true });
  });

  it("carries two trades although the relayer is killed again and again, once with its journal lost", async () => {
    let relayer = await startRelayer();
    const [first, second] = [await agree(stage), await agree(stage)];
    await opened(stage, first);

    relayer = await killAndRestart(relayer);
    await opened(stage, second);
    await fund(stage, first);
    relayer = await killAndRestart(relayer);
    await ship(stage, first);
    await sleep(40); // somewhere between seeing the message and its receipt
    relayer = await killAndRestart(relayer);
    await fund(stage, second);
    await clear(stage, first);

    await relayer.stop("SIGKILL");
    for (const suffix of ["", "-wal", "-shm"]) rmSync(join(directory, `relayer.sqlite${suffix}`), { force: true });
    await ship(stage, second);
    relayer = await startRelayer();
    await clear(stage, second);
    await expectSound(stage);

    for (const trade of [first, second]) await expectCompleted(trade);
    expect(await relayer.stop()).to.deep.equal({ code: 0, signal: null });
    expect(relayer.output).to.include('"msg":"Stopping after the step in hand"');
    expect(relayer.output).to.not.include(relayerKey.privateKey.slice(2)).and.not.include(PASSWORD);
  }).timeout(90_000);

  it("ends an attestor with code 0 on SIGTERM, and goes on with the three others", async () => {
    expect(await attestors[3]?.child.stop()).to.deep.equal({ code: 0, signal: null });
    const relayer = await startRelayer();
    const trade = await agree(stage);
    await opened(stage, trade);
    expect(await relayer.stop()).to.deep.equal({ code: 0, signal: null });
  }).timeout(90_000);

  it("runs attestor and relayer in one process, and answers for both", async () => {
    const attestor = {
      key: { development: "attestor4" as const },
      port: await freePort(),
      record: join(directory, "all.sqlite"),
    };
    const monitoring = { port: await freePort() };
    const all = role("all", { chains, attestor, relayer: relayerSection(), monitoring });
    await all.line(/"role":"all","msg":"Started"/);
    await opened(stage, await agree(stage));

    const ask = async (path: string) => await fetch(`http://127.0.0.1:${monitoring.port}${path}`);
    expect(await (await ask("/live")).json()).to.deep.equal({ live: true, reasons: [] });
    expect(await (await ask("/ready")).json()).to.deep.include({ ready: true, reasons: [] });
    const metrics = await (await ask("/metrics")).text();
    expect(metrics).to.match(/^huangpu_build_info\{role="all",version="\d+\.\d+\.\d+",node="v24\.[\d.]+"\} 1$/m);
    expect(metrics).to.match(/^huangpu_messages_delivered_total\{direction="trade-to-finance"\} [1-9]/m);
    expect(metrics).to.not.include(relayerKey.privateKey.slice(2)).and.not.include(PASSWORD);
    expect(await all.stop()).to.deep.equal({ code: 0, signal: null });
  }).timeout(90_000);

  for (const { what, name, config, environment, says } of [
    {
      what: "an endpoint that is no URL",
      name: "relayer",
      config: () => ({
        chains: { ...chains, trade: { ...chains.trade, rpcUrls: ["localhost"] } },
        relayer: relayerSection(),
      }),
      says: "chains.trade.rpcUrls",
    },
    {
      what: "a field that is unknown",
      name: "attestor",
      config: () => ({ chains, attestor: { ...attestorSection(0), colour: "red" } }),
      says: 'Unrecognized key: "colour"',
    },
    {
      what: "a missing section",
      name: "all",
      config: () => ({ chains, attestor: attestorSection(0) }),
      says: '"relayer" section',
    },
    {
      what: "a development key for a chain that is not local",
      name: "relayer",
      config: () => ({
        chains: { ...chains, finance: { ...chains.finance, chainId: 1 } },
        relayer: { ...relayerSection(), key: { development: "relayer" as const } },
      }),
      says: "KEY_REFUSED",
    },
    {
      what: "a development key from the environment for a chain that is not local",
      name: "attestor",
      config: () => ({
        chains: { ...chains, finance: { ...chains.finance, chainId: 1 } },
        attestor: { ...attestorSection(0), key: { env: "KEY" } },
      }),
      environment: { KEY: developmentWallet("attestor1").privateKey },
      says: "KEY_REFUSED",
    },
    {
      what: "a key variable that is not set",
      name: "relayer",
      config: () => ({ chains, relayer: { ...relayerSection(), key: { env: "NO_SUCH_KEY" } } }),
      says: "NO_SUCH_KEY",
    },
    {
      what: "a keystore's wrong password",
      name: "relayer",
      config: () => ({ chains, relayer: relayerSection() }),
      environment: { RELAYER_PASSWORD: "guessed" },
      says: "relayer.json",
    },
    {
      what: "a port that is taken",
      name: "attestor",
      config: () => ({ chains, attestor: attestorSection(Number(new URL(attestors[0]?.url ?? "").port)) }),
      says: "EADDRINUSE",
    },
  ] as {
    what: string;
    name: string;
    config: () => ConfigInput;
    environment?: Record<string, string>;
    says: string;
  }[]) {
    it(`ends with code 1 on ${what}, and says so`, async () => {
      const child = role(name, config(), environment);
      expect(await child.ended).to.deep.equal({ code: 1, signal: null });
      expect(child.output).to.include(says);
    }).timeout(40_000);
  }

  it("plays the scenario of `npm start` and writes its result", async () => {
    const file = join(directory, "result.json");
    const play = start("scripts/start.ts", ["--json", file, "--block-time", "0"]);
    expect(await play.ended, play.output).to.deep.equal({ code: 0, signal: null });
    const result = JSON.parse(readFileSync(file, "utf8"));
    expect(result).to.include({ scenario: "cross-border", ok: true, currency: "USD", amountPaid: "5000.000000" });
    expect(result).to.include.keys("documentToPaymentSeconds", "documentToPaymentBlocks", "costBps");
    expect(result.messages).to.equal(6);
    expect(result.proofs).to.be.within(1, 6);
    expect(result.documentToPaymentBlocks).to.be.within(0, 20);
  }).timeout(90_000);

  function start(script: string, args: readonly string[], environment?: Record<string, string>): Child {
    const child = runScript(script, args, environment);
    running.push(child);
    return child;
  }

  function role(name: string, config: ConfigInput, environment: Record<string, string> = {}): Child {
    const file = join(directory, `${name}-${running.length}.json`);
    writeFileSync(file, JSON.stringify(config));
    return start("src/main.ts", [name, "--config", file], { RELAYER_PASSWORD: PASSWORD, ...environment });
  }

  /** One key from the environment, one from a keystore, two of the mnemonic. */
  async function startAttestors(): Promise<{ url: string; child: Child }[]> {
    const keys = [
      { env: "ATTESTOR_KEY" },
      { keystore: keystoreOf(developmentWallet("attestor2"), "attestor.json"), passwordEnv: "RELAYER_PASSWORD" },
      { development: "attestor3" as const },
      { development: "attestor4" as const },
    ];
    const environment = { ATTESTOR_KEY: developmentWallet("attestor1").privateKey };
    const started = [];
    for (const [index, key] of keys.entries()) {
      const port = await freePort();
      const attestor = { key, port, record: join(directory, `attestor${index}.sqlite`) };
      started.push({ url: `http://127.0.0.1:${port}`, child: role("attestor", { chains, attestor }, environment) });
    }
    for (const { child } of started) await child.line(/"msg":"Started"/);
    return started;
  }

  function attestorSection(port: number) {
    return { key: { development: "attestor1" as const }, port, record: join(directory, "unused.sqlite") };
  }

  function relayerSection() {
    const keystore = keystoreOf(relayerKey, "relayer.json");
    const journal = join(directory, "relayer.sqlite");
    const urls = attestors.map(({ url }) => url);
    return {
      key: { keystore, passwordEnv: "RELAYER_PASSWORD" },
      attestors: urls,
      journal,
      pollMs: 20,
      retryMs: 50,
      maxRetryMs: 200,
    };
  }

  /** Encrypted as any wallet does it, but quickly. */
  function keystoreOf(wallet: { privateKey: string }, name: string): string {
    const file = join(directory, name);
    writeFileSync(file, new Wallet(wallet.privateKey).encryptSync(PASSWORD));
    return file;
  }

  async function startRelayer(): Promise<Child> {
    const relayer = role("relayer", { chains, relayer: relayerSection(), logLevel: "debug" });
    await relayer.line(/"role":"relayer","msg":"Started"/);
    return relayer;
  }

  async function killAndRestart(relayer: Child): Promise<Child> {
    expect(await relayer.stop("SIGKILL")).to.deep.equal({ code: null, signal: "SIGKILL" });
    return await startRelayer();
  }

  async function expectCompleted(trade: Trade): Promise<void> {
    expect(await look(stage, trade)).to.include({
      state: TradeState.Completed,
      paid: AMOUNT,
      escrow: EscrowState.Closed,
    });
  }
});
