import { expect } from "chai";
import { decodeRlp, type SigningKey } from "ethers";
import type { Block } from "../../../../deploy/besu/doctor/answers.ts";
import { chainChecks } from "../../../../deploy/besu/doctor/chain-checks.ts";
import type { Check } from "../../../../deploy/besu/doctor/check.ts";
import { followHeaders } from "../../../../deploy/besu/doctor/follow-headers.ts";
import { readSealedHeader, sealProblem } from "../../../../deploy/besu/doctor/sealed-header.ts";
import type { Hex } from "../../../../src/core/hex.ts";
import { encodeQbftExtraData } from "../../../../src/core/qbft-extra-data.ts";
import { host, network } from "../../../support/besu/networks.ts";
import {
  addressOf,
  ascending,
  type BlockTwist,
  nodeKey,
  publicKeyOf,
  QbftChain,
} from "../../../support/besu/qbft-chain.ts";
import { HEADER_FIELDS, LATER_HEADER_FIELDS } from "../../../support/fakes/header-fields.ts";
import { thrown } from "../../../support/fakes/thrown.ts";
import { vectorOrSkip } from "../../../support/fakes/vectors.ts";

const keys = [1, 2, 3, 4, 5].map((index) => nodeKey("trade", `trade-validator-${index}`)) as [
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
  SigningKey,
];
const four = keys.slice(0, 4);
const [a, b, c, d, e] = keys;

async function headersOf(twists: Record<number, BlockTwist> = {}, height = 6): Promise<Block[]> {
  const options = { chainId: 1, gasLimit: 30_000_000, validators: four, height, headTime: 1_000, period: 2 };
  return (await QbftChain.create(options, twists)).blocks.slice(1);
}

const follow = (blocks: readonly Block[], validators = four) =>
  followHeaders(
    blocks.map((value) => ({ value })),
    ascending(validators),
  );
const problemOf = async (twists: Record<number, BlockTwist>) => follow(await headersOf(twists)).problem;

describe("readSealedHeader", () => {
  it("recovers who sealed a block, in whichever round", async () => {
    const [first] = await headersOf({ 1: { round: 300, signers: [d, b, a] } }, 1);
    const header = readSealedHeader(first as Block);
    expect(header.round).to.equal(300);
    expect(header.signers).to.deep.equal([d, b, a].map(addressOf));
    expect(sealProblem(header)).to.equal(undefined);
  });

  it("reads votes to add and to drop", async () => {
    const recipient = addressOf(e);
    const blocks = await headersOf({ 2: { vote: { recipient, add: true } }, 3: { vote: { recipient, add: false } } });
    expect(follow(blocks).problem).to.equal(undefined);
  });

  it("recovers nobody whom it should from a header that was sealed in another round", async () => {
    const [block] = (await headersOf({ 1: { round: 1 } }, 1)) as [Block];
    const { seals, ...extra } = {
      vanity: `0x${"00".repeat(32)}` as Hex,
      validators: ascending(four),
      seals: sealsOf(block),
    };
    const moved = { ...block, extraData: encodeQbftExtraData({ ...extra, round: 2, seals }) };
    expect(sealProblem(readSealedHeader(moved))).to.match(/no validator/);
  });

  it("refuses a header that does not hash to its hash, whatever field is another", async () => {
    const [block] = (await headersOf({}, 1)) as [Block];
    const changes: Partial<Block>[] = [
      { stateRoot: block.parentHash },
      { timestamp: "0x1" },
      { requestsHash: block.parentHash },
      { withdrawalsRoot: null },
      { hash: block.stateRoot },
    ];
    for (const change of changes) await thrown("RPC_INCONSISTENT", () => readSealedHeader({ ...block, ...change }));
  });

  it("refuses extraData that is not QBFT's", async () => {
    const [block] = (await headersOf({}, 1)) as [Block];
    const four = "c0".repeat(4);
    for (const extraData of [
      "0x",
      "0x80",
      "0xc0",
      `0xc4${four}`,
      "0xc6c0c0c0c0c0c0",
      "0xf8",
      "0xc5c0c0c0c0c0",
      `${block.extraData}00`,
    ]) {
      await thrown("RPC_INCONSISTENT", () => readSealedHeader({ ...block, extraData: extraData as Hex }));
    }
  });

  it("reads a real header of a live network", function () {
    const { headerRlpWithSeals } = vectorOrSkip<{ headerRlpWithSeals: Hex }>(
      this,
      "besu-headers/qbft-4val-round1-block7528.json",
    );
    const hash = "0x502568a07cc2303558ed8eea495d61255946a14c46be5ead61cdc737bdeaaf42";
    const header = readSealedHeader(blockOf(headerRlpWithSeals, hash));
    expect([header.number, header.round, header.signers.length]).to.deep.equal([7528, 1, 3]);
    expect(sealProblem(header)).to.equal(undefined);
  });
});

describe("followHeaders", () => {
  it("follows a chain, and a set that changes one at a time", async () => {
    expect(await problemOf({})).to.equal(undefined);
    const five = { validators: keys };
    const blocks = await headersOf({ 4: five, 5: five, 6: five });
    expect(follow(blocks, keys)).to.deep.include({ problem: undefined });
    expect(follow(blocks).problem).to.equal("block 6 names other validators than the file");
  });

  const refusals: Record<string, [Record<number, BlockTwist>, RegExp]> = {
    "too few seals": [{ 3: { signers: [a, b] } }, /^block 3 has 2 seals, and needs 3$/],
    "no seals": [{ 2: { signers: [] } }, /^block 2 has 0 seals/],
    "a validator who sealed twice": [{ 3: { signers: [a, b, b] } }, /^block 3 is sealed twice/],
    "a stranger's seal": [{ 3: { signers: [a, b, e] } }, /^block 3 is sealed by 0x\w{40}, who is no validator$/],
    "no validators at all": [{ 1: { validators: [], signers: [a, b, c] } }, /^block 1 names no validators/],
    "two changes at once": [{ 3: { validators: [a, b, c, e] } }, /^block 3 changes 2 validators at once$/],
  };
  for (const [name, [twists, expected]] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => expect(await problemOf(twists)).to.match(expected));
  }

  it("refuses a gap, a repetition and a block of another chain", async () => {
    const blocks = await headersOf();
    expect(follow(blocks.toSpliced(2, 1)).problem).to.equal("block 4 does not follow block 2");
    expect(follow(blocks.toSpliced(2, 0, blocks[1] as Block)).problem).to.equal("block 2 does not follow block 2");
    const [other] = await headersOf({ 1: { timestamp: 5 } });
    expect(follow([other as Block, ...blocks.slice(1)]).problem).to.equal("block 2 does not follow block 1");
  });

  it("stops at what could not be learned", async () => {
    const [value] = (await headersOf()) as [Block];
    const followed = followHeaders([{ value }, { error: "no answer" }, { value }], ascending(four));
    expect([followed.headers.length, followed.problem]).to.deep.equal([1, "no answer"]);
  });
});

describe("chainChecks", () => {
  const given = network("trial", (draft) => {
    for (const [index, key] of four.entries()) {
      host(draft, `trade-validator-${index + 1}`).trade.publicKey = publicKeyOf(key);
    }
  });
  const [node] = [{ chain: "trade" as const }];
  const check = (blocks: readonly Block[], name: string): Check | undefined =>
    chainChecks(given, {
      ...node,
      nodes: [{} as never],
      unasked: [],
      code: [],
      headers: { host: "trade-rpc", blocks: blocks.map((value) => ({ value })) },
    }).find((one) => one.name === name);
  const rounds = (late: number) =>
    Object.fromEntries(Array.from({ length: late }, (_, index) => [index + 1, { round: index + 1 }]));

  it("counts blocks that took more than one round", async () => {
    expect(check(await headersOf(rounds(1), 20), "rounds")?.status).to.equal("ok");
    expect(check(await headersOf(rounds(2), 20), "rounds")).to.include({
      status: "warn",
      text: "2 of the last 20 blocks took more than one round, at most 3",
    });
    expect(check(await headersOf(rounds(7), 20), "rounds")?.status).to.equal("fail");
  });

  it("counts seals by host, and asks after a validator that sealed nothing", async () => {
    expect(check(await headersOf({}, 16), "seals")).to.include({ status: "ok" });
    const quiet = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [index + 1, { signers: [a, b, c] }]));
    expect(check(await headersOf(quiet, 16), "seals")).to.include({
      status: "warn",
      text: "of 16 blocks: trade-validator-1 16, trade-validator-2 16, trade-validator-3 16, trade-validator-4 0; is trade-validator-4 down?",
    });
    expect(check(await headersOf(quiet, 15), "seals")?.status).to.equal("ok");
  });

  it("says that a chain is too young to look back over", () => {
    expect(check([], "headers")).to.include({ status: "warn" });
  });
});

function sealsOf({ extraData }: Block): Hex[] {
  return (decodeRlp(extraData) as Hex[][])[4] as Hex[];
}

/** A header in RLP, seals included, as JSON-RPC has it. */
function blockOf(rlp: Hex, hash: Hex): Block {
  const fields = decodeRlp(rlp) as Hex[];
  const entries = HEADER_FIELDS.map((name, index) => [name, fields[index] === "0x" ? "0x0" : fields[index]]);
  const later = Object.fromEntries(LATER_HEADER_FIELDS.map((name) => [name, null]));
  return { ...Object.fromEntries(entries), ...later, hash } as Block;
}
