import { expect } from "chai";
import { blockTag } from "../../../../deploy/besu/doctor/answers.ts";
import { type Check, exitCodeOf } from "../../../../deploy/besu/doctor/check.ts";
import { type DoctorOptions, diagnose } from "../../../../deploy/besu/doctor/doctor.ts";
import { renderReport } from "../../../../deploy/besu/doctor/report.ts";
import { exampleDeployment } from "../../../support/besu/deployment.ts";
import { CONTRACT } from "../../../support/besu/qbft-chain.ts";
import { HEAD_TIME, HEIGHT, type Odd, QbftNetwork } from "../../../support/besu/qbft-network.ts";
import { type Answer, closedUrl } from "../../../support/fakes/http-server.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const RPC = "trade-rpc";
const VALIDATOR = "trade-validator-1";
const instead =
  (answer: unknown): Odd =>
  () =>
    answer;
const changed =
  (change: object): Odd =>
  async (_, proceed) => ({ ...((await proceed()) as object), ...change });

/** A node, a method, an odd answer, and what the doctor has to say about it. */
const findings: readonly [node: string, method: string, odd: Odd, expected: string, says: RegExp][] = [
  [RPC, "eth_chainId", instead("0x1"), "fail trade-rpc chain id", /serves chain 1, not 880101/],
  [
    RPC,
    "web3_clientVersion",
    instead("besu/v26.8.2/linux"),
    "fail trade-rpc version",
    /26\.8\.2 is older than 26\.9\.0/,
  ],
  [RPC, "web3_clientVersion", instead("besu/v26.10.0-RC1/linux"), "warn trade-rpc version", /file says 26\.9\.0/],
  [RPC, "web3_clientVersion", instead("besu/ours/v26.1.0/linux"), "fail trade-rpc version", /26\.1\.0 is older/],
  [RPC, "web3_clientVersion", instead("Geth/v1.17.4"), "fail trade-rpc version", /no Besu release/],
  [VALIDATOR, "net_peerCount", instead("0x3"), "warn trade-validator-1 peers", /^3 of 4$/],
  [VALIDATOR, "net_peerCount", instead("0x1"), "fail trade-validator-1 peers", /too few/],
  [RPC, "net_peerCount", instead("0x0"), "fail trade-rpc peers", /0 of 4: too few/],
  [VALIDATOR, "eth_gasPrice", instead("0x3b9aca00"), "fail trade-validator-1 gas price", /1000000000 wei/],
  [
    RPC,
    "qbft_getValidatorsByBlockNumber",
    instead([`0x${"11".repeat(20)}`]),
    "fail trade-rpc validators",
    /0x1111.* besides/,
  ],
  [VALIDATOR, "perm_getNodesAllowlist", instead([]), "fail trade-validator-1 node list", /lacks enode:/],
  [VALIDATOR, "perm_getAccountsAllowlist", instead([CONTRACT]), "fail trade-validator-1 account list", /has 0xc0c0/],
  [
    VALIDATOR,
    "perm_getAccountsAllowlist",
    async (_, proceed) => [...((await proceed()) as string[]), CONTRACT],
    "fail trade-validator-1 account list",
    /^lacks nothing; has 0xc0c0\w+ besides$/,
  ],
  [RPC, "eth_getProof", changed({ nonce: "0x2" }), "fail trade-rpc proof", /another nonce/],
  [RPC, "eth_getProof", changed({ accountProof: [] }), "fail trade-rpc proof", /does not follow/],
  [RPC, "eth_getProof", instead(null), "fail trade-rpc proof", /answered with something else/],
];

const METHODS = [
  "web3_clientVersion",
  "eth_getBlockByNumber",
  "net_peerCount",
  "eth_gasPrice",
  "qbft_getValidatorsByBlockNumber",
  "perm_getNodesAllowlist",
  "perm_getAccountsAllowlist",
  "eth_getProof",
];

describe("diagnose", function () {
  this.timeout(120_000);
  let live: QbftNetwork;
  const examine = async (changes: Partial<DoctorOptions> = {}): Promise<Check[]> => {
    const { network, endpoints } = live;
    return (
      await diagnose({ network, endpoints, timeoutMs: 10_000, lookBack: 6, now: () => HEAD_TIME + 2, ...changes })
    ).checks;
  };
  const wrong = (checks: readonly Check[]) => checks.filter(({ status }) => status !== "ok");
  const namesOf = (checks: readonly Check[]) =>
    checks.map(({ status, subject, name }) => `${status} ${subject} ${name}`);

  before(async () => {
    live = await QbftNetwork.start();
  });
  afterEach(() => live.restore());
  after(async () => await live.stop());

  it("finds nothing wrong with a network that is as its file says", async () => {
    const checks = await examine({ lookBack: 30 });
    expect(wrong(checks)).to.deep.equal([]);
    expect(exitCodeOf(checks)).to.equal(0);
    for (const name of ["headers", "rounds", "seals"]) expect(namesOf(checks)).to.include(`ok chain ${name}`);
    for (const name of ["proof", "same block", "node list"]) expect(namesOf(checks)).to.include(`ok ${RPC} ${name}`);
  });

  for (const [node, method, odd, expected, says] of findings) {
    it(`says ${expected} when ${method} is odd: ${says.source}`, async () => {
      live.odd(node, method, odd);
      const checks = wrong(await examine());
      expect(namesOf(checks)).to.deep.equal([expected]);
      expect(checks[0]?.text).to.match(says);
      expect(exitCodeOf(checks)).to.equal(expected.startsWith("fail") ? 2 : 1);
    });
  }

  const failures: Record<string, () => Answer | undefined> = {
    "never answers": () => undefined,
    "answers with a page": () => ({ body: "<html>" }),
    "answers somebody else": () => ({ body: { jsonrpc: "2.0", id: 99, result: "0x1" } }),
    "answers with a number": () => ({ body: "7" }),
    "wants a token": () => ({ status: 401, body: "Unauthorized" }),
    "answers without end": () => ({ body: `"${"0".repeat(5_000_000)}"` }),
    "has nothing to say": () => ({ status: 500, body: "" }),
  };
  for (const [name, answer] of Object.entries(failures)) {
    it(`goes on with the others when a node ${name}`, async () => {
      live.breakDown(RPC, answer);
      const checks = wrong(await examine({ timeoutMs: name === "never answers" ? 3_000 : 10_000 }));
      expect(namesOf(checks)).to.deep.equal([`fail ${RPC} rpc`]);
      expect(checks[0]?.text).to.match(/^eth_chainId: /);
    });
  }

  it("goes on when any single method is answered with anything at all", async () => {
    const answers = [null, 0, "", "0x", "0xzz", [], [null], {}, { hash: 1 }, true, "\u001b[2J"];
    for (let turn = 0; turn < answers.length; turn++) {
      for (const [index, method] of METHODS.entries()) {
        live.odd(RPC, method, instead(answers[(index + turn) % answers.length]));
      }
      const checks = wrong(await examine({ lookBack: 1 }));
      for (const { status, subject } of checks) expect([status, subject]).to.deep.equal(["fail", RPC]);
      expect(checks).to.have.length.within(METHODS.length - 2, METHODS.length + 1);
      live.restore();
    }
  });

  it("says so when nobody listens, and when nobody of a chain does", async () => {
    const url = await closedUrl();
    const endpoints = live.endpoints.map(({ node, url: own }) => ({ node, url: node.chain === "trade" ? url : own }));
    const checks = wrong(await examine({ endpoints }));
    expect(namesOf(checks)).to.include("fail chain headers").and.to.have.length(6);
    expect(checks[0]?.text).to.contain("ECONNREFUSED");
  });

  it("tells a head that stands still, lags or is in the future", async () => {
    expect(namesOf(wrong(await examine({ now: () => HEAD_TIME + 14 })))).to.deep.equal([]);
    const late = wrong(await examine({ now: () => HEAD_TIME + 15 }));
    expect(late).to.have.length(10);
    for (const { name, status } of late) expect([status, name]).to.deep.equal(["fail", "head"]);
    const early = wrong(await examine({ now: () => HEAD_TIME - 2 }));
    expect(early[0]?.text).to.contain("2 s in the future");
    expect(wrong(await examine({ now: () => HEAD_TIME - 1 }))).to.deep.equal([]);
  });

  it("tells a node with another genesis or another block at one height", async () => {
    const other = live.chains.finance.blocks;
    live.odd(VALIDATOR, "eth_getBlockByNumber", async ([tag], proceed) => (tag === "0x0" ? other[0] : await proceed()));
    const checks = wrong(await examine());
    expect(namesOf(checks)).to.include(`fail ${VALIDATOR} genesis`).and.to.include(`fail ${RPC} genesis`);

    live.restore();
    live.odd(RPC, "eth_getBlockByNumber", async ([tag], proceed) =>
      tag === blockTag(HEIGHT - 3) ? other[HEIGHT - 3] : await proceed(),
    );
    const split = wrong(await examine());
    expect(namesOf(split)).to.include(`fail ${RPC} same block`);
    expect(split.find(({ subject }) => subject === VALIDATOR)?.text).to.contain(RPC);
  });

  it("tells what of a genesis block is another", async () => {
    const texts: string[] = [];
    const [genesis, first] = live.chains.trade.blocks;
    for (const given of [first, { ...genesis, gasLimit: "0x1" }, { ...genesis, timestamp: "0x1" }]) {
      live.odd(RPC, "eth_getBlockByNumber", async ([tag], proceed) => (tag === "0x0" ? given : await proceed()));
      texts.push(wrong(await examine({ lookBack: 1 })).find(({ subject }) => subject === RPC)?.text ?? "");
    }
    expect(texts[0]).to.equal("answered with block 1");
    expect(texts[1]).to.equal("has another gas limit than the file");
    expect(texts[2]).to.contain("do not hash to its hash");
  });

  it("takes nothing from a node of another chain", async () => {
    live.odd(VALIDATOR, "eth_chainId", instead("0x1"));
    live.odd(VALIDATOR, "eth_getBlockByNumber", ([tag]) => live.chains.finance.blocks[tag === "latest" ? HEIGHT : 0]);
    expect(namesOf(wrong(await examine()))).to.deep.equal([`fail ${VALIDATOR} chain id`]);
  });

  it("looks for the code of what was deployed, and proves the gateway", async () => {
    const deployment = exampleDeployment(live.network, CONTRACT);
    expect(wrong(await examine({ deployment }))).to.deep.equal([]);
    const gone = { ...deployment, trade: { ...deployment.trade, tradeBook: `0x${"99".repeat(20)}` } };
    expect(namesOf(wrong(await examine({ deployment: gone })))).to.deep.equal(["fail chain code of tradeBook"]);
    live.odd(RPC, "eth_getProof", async (_, proceed) => {
      const answer = (await proceed()) as { storageProof: object[] };
      return { ...answer, storageProof: [{ ...answer.storageProof[0], value: "0x8" }] };
    });
    const [check] = wrong(await examine({ deployment }));
    expect(check?.text).to.contain("another value in slot 0x0");
  });

  it("says when a chain is too young to show that its proofs reach far enough", async () => {
    const young = await QbftNetwork.start({ height: 10 });
    try {
      const { network, endpoints } = young;
      const checks = wrong(await examine({ network, endpoints }));
      expect(namesOf(checks)).to.deep.equal(["warn trade-rpc proof", "warn finance-rpc proof"]);
      expect(checks[0]?.text).to.equal("holds at block 0, 10 behind the head; the chain is too young to show 20");
    } finally {
      await young.stop();
    }
  });

  it("skips what cannot be asked from here, and asks somebody at least", async () => {
    const own = live.endpoints.map(({ node, url }) => ({ node, url: node.host === RPC ? url : undefined }));
    const checks = await examine({ endpoints: own });
    expect(exitCodeOf(checks)).to.equal(0);
    expect(checks.filter(({ status }) => status === "skip")).to.have.length(9);
    const none = live.endpoints.map(({ node }) => ({ node, url: undefined }));
    await thrown("CONFIG_INVALID", examine({ endpoints: none }));
  });

  it("sends a token only where one is wanted", async () => {
    await examine({ token: "secret" });
    expect(live.tokens.size).to.equal(0);
    const endpoints = live.endpoints.map(({ node, url }) => {
      const jwt = { publicKeyFile: "/etc/besu/jwt.pub.pem", algorithm: "ES256" as const };
      return { node: node.host === RPC ? { ...node, rpc: { ...node.rpc, jwt } } : node, url };
    });
    await examine({ endpoints, token: "secret" });
    expect([...live.tokens]).to.deep.equal([[`trade/${RPC}`, "Bearer secret"]]);
  });

  it("reports a line for each check, the worst last, and no escapes of a node's", async () => {
    live.odd(RPC, "web3_clientVersion", instead("besu\u001b[2J"));
    const lines = renderReport(await examine()).split("\n");
    expect(lines.at(-4)).to.equal("fail  trade    trade-rpc            version       is no Besu release: besu?[2J");
    expect(lines.at(-2)).to.match(/^\d+ ok, 0 not asked, 0 to look at, 1 wrong$/);
  });
});
