import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { RpcLog } from "../../../src/chains/chain.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { readEndorsementChain, type TitleChain } from "../../../src/titles/endorsement-chain.ts";
import { type TitleAction, titleActions, titleRegistryAbi } from "../../../src/titles/title-entry.ts";
import { titleStatuses } from "../../../src/titles/title-state.ts";

const address = (digit: string): Hex => `0x${digit.repeat(40)}`;
const [registry, carrier, seller, bank, buyer, product] = ["a", "1", "2", "3", "4", "5"].map(address) as [
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
  Hex,
];
const titleId: Hex = `0x${"b1".repeat(32)}`;
const otherTitle: Hex = `0x${"b2".repeat(32)}`;
const ZERO = address("0");
const toOrderOf = (owner: Hex): Hex => `0x${"1".padStart(24, "0")}${owner.slice(2)}`;
const NONE: Hex = `0x${"0".repeat(64)}`;

interface Logged {
  block: number;
  action: TitleAction;
  party: Hex;
  recipient?: Hex;
  detail?: Hex;
  entry?: number;
  previousBlock?: number;
  title?: Hex;
  address?: Hex;
  data?: Hex;
}

/** Issued, offered to the bank and accepted with both in one block, locked and delivered to the buyer, surrendered. */
const history: readonly Logged[] = [
  { block: 10, action: "Issue", party: carrier, recipient: seller, detail: toOrderOf(seller) },
  { block: 10, action: "Sign", party: seller },
  { block: 25, action: "Offer", party: seller, recipient: bank },
  { block: 30, action: "EndorseToOrder", party: bank, recipient: bank },
  { block: 30, action: "Transfer", party: bank, recipient: bank },
  { block: 31, action: "Lock", party: bank },
  { block: 900, action: "EndorseToOrder", party: bank, recipient: buyer },
  { block: 900, action: "Transfer", party: bank, recipient: buyer },
  { block: 901, action: "SurrenderForDelivery", party: buyer, recipient: carrier },
  { block: 950, action: "AcceptDelivery", party: carrier },
];
const present = { holder: buyer, owner: buyer, issuer: carrier, status: "Delivered", lastBlock: 950, entries: 10 };

describe("readEndorsementChain", () => {
  it("reads a title's chain backwards, asking for no block but those that have entries", async () => {
    const { chain, asked } = nodeWith(history);
    const read = await readEndorsementChain(chain, registry, titleId);
    expect(read?.complete).to.equal(true);
    expect(read?.atBlock).to.equal(1_000);
    expect(read?.entries.map(({ entry, action, block }) => [entry, action, block])).to.deep.equal(
      history.map(({ action, block }, at) => [at + 1, action, block]),
    );
    expect(asked).to.deep.equal([950, 901, 900, 31, 30, 25, 10]);
  });

  it("says where the title stood after each entry, and DCSA's code of the action", async () => {
    const read = await readEndorsementChain(nodeWith(history).chain, registry, titleId);
    const after = read?.entries.map(({ after: state }) => [state?.status, state?.holder, state?.owner]);
    expect(after?.[0]).to.deep.equal(["Active", seller, seller]);
    expect(after?.[3]).to.deep.equal(["Active", seller, bank]);
    expect(after?.[5]).to.deep.equal(["Locked", bank, bank]);
    expect(after?.[7]).to.deep.equal(["Active", buyer, buyer]);
    expect(after?.[9]).to.deep.equal(["Delivered", buyer, buyer]);
    expect(read?.entries.map(({ actionCode }) => actionCode)).to.deep.equal([
      "ISSUE",
      "SIGN",
      undefined,
      "ENDORSE_TO_ORDER",
      "TRANSFER",
      undefined,
      "ENDORSE_TO_ORDER",
      "TRANSFER",
      "SURRENDER_FOR_DELIVERY",
      "SACC",
    ]);
  });

  it("knows actor and represented party apart", async () => {
    const read = await readEndorsementChain(nodeWith(history).chain, registry, titleId);
    expect(read?.entries[6]).to.include({ actor: product, party: bank, recipient: buyer });
  });

  it("gives nothing for a title that is none", async () => {
    const none = { ...present, holder: ZERO, owner: ZERO, issuer: ZERO, status: "Unknown", lastBlock: 0, entries: 0 };
    expect(await readEndorsementChain(nodeWith([], none).chain, registry, titleId)).to.equal(undefined);
  });

  it("reads no further than the limit, and says so", async () => {
    const { chain, asked } = nodeWith(history);
    const read = await readEndorsementChain(chain, registry, titleId, { limit: 2 });
    expect(read?.complete).to.equal(false);
    expect(read?.entries.map(({ entry, after }) => [entry, after])).to.deep.equal([
      [9, undefined],
      [10, undefined],
    ]);
    expect(asked).to.deep.equal([950, 901]);
  });

  it("passes over other titles and other contracts in the same block", async () => {
    const others: Logged[] = [
      { block: 30, action: "Sign", party: seller, title: otherTitle, entry: 4, previousBlock: 3 },
      { block: 30, action: "Sign", party: seller, address: address("c"), entry: 4, previousBlock: 3 },
    ];
    const read = await readEndorsementChain(nodeWith([...others, ...history]).chain, registry, titleId);
    expect(read?.entries).to.have.length(10);
  });

  describe("a node that lies", () => {
    const without = (at: number) => history.filter((_, index) => index !== at);
    const altered = (at: number, change: Partial<Logged>) =>
      history.map((entry, index) => (index === at ? { ...entry, ...change } : entry));
    const numbered = history.map((entry, at) => ({
      ...entry,
      entry: at + 1,
      previousBlock: history[at - 1]?.block ?? 0,
    }));
    const lies: Record<string, readonly Logged[]> = {
      "withholds the newest entry": numbered.slice(0, -1),
      "withholds an entry of a block with two": numbered.filter((_, at) => at !== 3),
      "withholds the second of two": numbered.filter((_, at) => at !== 4),
      "withholds the first": numbered.slice(1),
      "withholds a whole block": numbered.filter(({ block }) => block !== 31),
      "leaves one out and counts on": without(1),
      "adds an entry": [...numbered, { block: 950, action: "Sign", party: carrier, entry: 11, previousBlock: 950 }],
      "gives an entry twice": [...numbered, ...numbered.slice(-1)],
      "links to a block without entries": numbered.map((one, at) => (at === 5 ? { ...one, previousBlock: 29 } : one)),
      "links forward": numbered.map((one, at) => (at === 5 ? { ...one, previousBlock: 900 } : one)),
      "begins with another action": altered(0, { action: "Sign" }),
      "issues twice": altered(1, { action: "Issue", recipient: seller, detail: toOrderOf(seller) }),
      "names another last recipient": altered(7, { recipient: seller }),
      "names another recipient on the way": altered(4, { recipient: buyer, party: buyer }),
      "lets another one surrender": altered(8, { party: seller }),
      "lets another one accept the surrender": altered(9, { party: buyer }),
      "turns a delivery into a rejection": altered(9, { action: "RejectSurrender", recipient: buyer }),
      "gives a log that is none": altered(9, { data: "0x01" }),
    };
    for (const [lie, logged] of Object.entries(lies)) {
      it(`is refused when it ${lie}`, async () => {
        expect(await codeOf(readEndorsementChain(nodeWith(logged).chain, registry, titleId))).to.equal(
          "RPC_INCONSISTENT",
        );
      });
    }

    it("is refused when its logs are of another block than was asked for", async () => {
      const { chain } = nodeWith(history);
      const logs: TitleChain["logs"] = async (...args) =>
        (await chain.logs(...args)).map((log) => ({ ...log, blockNumber: "0x1" }));
      expect(await codeOf(readEndorsementChain({ ...chain, logs }, registry, titleId))).to.equal("RPC_INCONSISTENT");
    });
  });

  it("names actions and statuses as the contract does, in its order", () => {
    const source = readFileSync(new URL("../../../contracts/trade/titles/ITitleRegistry.sol", import.meta.url), "utf8");
    expect(titleActions.map(([name]) => name)).to.deep.equal(enumIn(source, "Action"));
    expect([...titleStatuses]).to.deep.equal(enumIn(source, "Status"));
  });
});

function nodeWith(logged: readonly Logged[], title = present): { chain: TitleChain; asked: number[] } {
  const asked: number[] = [];
  const answer = { ...title, status: titleStatuses.indexOf(title.status as "Active"), frozen: false, pledged: false };
  const chain: TitleChain = {
    name: "trade",
    blockNumber: async () => 1_000,
    call: async () => titleRegistryAbi.encodeFunctionResult("title", [answer]) as Hex,
    logs: async (_, __, fromBlock) => {
      asked.push(fromBlock);
      return logged
        .map((entry, at) => logOf(entry, at, logged))
        .filter(({ blockNumber }) => Number(blockNumber) === fromBlock);
    },
  };
  return { chain, asked };
}

function logOf(logged: Logged, at: number, all: readonly Logged[]): RpcLog {
  const own = all.filter(({ title, address: other }) => title === undefined && other === undefined);
  const place = own.indexOf(logged);
  const { action, party, recipient = ZERO, detail = NONE } = logged;
  const { entry = place + 1, previousBlock = own[place - 1]?.block ?? 0 } = logged;
  const index = titleActions.findIndex(([name]) => name === action);
  const actor = logged.block === 900 ? product : party;
  const args = [logged.title ?? titleId, entry, index, actor, party, recipient, previousBlock, detail];
  const { topics, data } = titleRegistryAbi.encodeEventLog("TitleRecorded", args);
  return {
    address: logged.address ?? registry,
    topics: topics as Hex[],
    data: logged.data ?? (data as Hex),
    blockNumber: `0x${logged.block.toString(16)}`,
    transactionHash: `0x${"77".repeat(32)}`,
    logIndex: `0x${at.toString(16)}`,
  };
}

function enumIn(source: string, name: string): string[] {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? "";
  return body
    .split("\n")
    .map((line) =>
      line
        .replace(/\/\/.*/, "")
        .replace(",", "")
        .trim(),
    )
    .filter((line) => line !== "");
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
  } catch (error) {
    return error instanceof HuangpuError ? error.code : String(error);
  }
  return "none";
}
