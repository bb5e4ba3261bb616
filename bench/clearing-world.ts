import { Contract, ContractFactory } from "ethers/contract";
import { NonceManager, type TransactionReceipt } from "ethers/providers";
import { Wallet } from "ethers/wallet";
import hre from "hardhat";
import type { QueuedLeg, QueuedObligation, Room } from "../src/core/gridlock.ts";
import { keccakText } from "../src/core/hex.ts";

export const CURRENCIES = ["CNY", "USD"] as const;
export type Currency = (typeof CURRENCIES)[number];

export const AGENT = 1;
export const PRIORITIES = { urgent: 0, high: 1, normal: 2 } as const;

/** What waits, in order, with the ids that `resolve` is given. */
export interface Waiting {
  ids: bigint[];
  queue: QueuedObligation[];
}

/**
 * A clearing house with its sub-accounts on a chain in this process, member 1 as the agent and others with collateral. One
 * account has every role and is the product.
 */
export class ClearingWorld {
  readonly house: Contract;
  readonly accounts: Contract;
  readonly #operator: NonceManager;
  readonly #owners: readonly Wallet[];
  readonly #request: (method: string, params?: unknown[]) => Promise<unknown>;
  readonly stop: () => Promise<void>;

  private constructor(parts: {
    house: Contract;
    accounts: Contract;
    operator: NonceManager;
    owners: readonly Wallet[];
    request: (method: string, params?: unknown[]) => Promise<unknown>;
    stop: () => Promise<void>;
  }) {
    this.house = parts.house;
    this.accounts = parts.accounts;
    this.#operator = parts.operator;
    this.#owners = parts.owners;
    this.#request = parts.request;
    this.stop = parts.stop;
  }

  /** @param collateral Of each member but the agent and in each currency, in millionths. */
  static async open({ members, collateral }: { members: number; collateral: bigint }): Promise<ClearingWorld> {
    const connection = await hre.network.create({ network: "financeSimulated", override: { hardfork: "osaka" } });
    const provider = connection.ethers.provider;
    const request = async (method: string, params: unknown[] = []) =>
      await connection.provider.request({ method, params });
    const open = async (seed: string) => {
      const wallet = new Wallet(keccakText(seed), provider);
      await request("hardhat_setBalance", [wallet.address, "0x21e19e0c9bab2400000"]);
      return wallet;
    };
    const operator = new NonceManager(await open("huangpu clearing operator"));
    const deploy = async (name: string, ...args: unknown[]) => {
      const { abi, bytecode } = await hre.artifacts.readArtifact(name);
      const deployed = await new ContractFactory([...abi], bytecode, operator).deploy(...args);
      return new Contract(await deployed.getAddress(), abi, operator);
    };
    const authority = await deploy("AccessManager", await operator.getAddress());
    const participants = await deploy("Participants", authority);
    const accounts = await deploy("SubAccounts", authority, participants);
    const house = await deploy("ClearingHouse", authority, accounts);
    const owners = await Promise.all(
      Array.from({ length: members }, async (_, index) => await open(`huangpu clearing bank ${index + 1}`)),
    );
    const world = new ClearingWorld({ house, accounts, operator, owners, request, stop: () => connection.close() });
    await world.#send(accounts, "setProduct", house, true);
    await world.#send(accounts, "setClearingHouse", house);
    await world.#send(house, "setProduct", operator, true);
    await world.#send(house, "setCycleAges", 0, 86_400);
    for (const [index, owner] of owners.entries()) {
      await world.#send(participants, "admit", leiOf(index), "0x434e");
      await world.#send(participants, "linkAccount", owner, leiOf(index));
      await world.#send(accounts, "admitMember", owner);
    }
    await world.#send(house, "setSettlementAgent", AGENT);
    for (const currency of CURRENCIES) {
      const coin = await deploy("BenchCoin", bytesOf(currency));
      await world.#send(house, "listCurrency", bytesOf(currency), coin);
      for (const owner of owners.slice(AGENT)) await world.#pledge(owner, coin, collateral);
    }
    return world;
  }

  async setCap(member: number, currency: Currency, cap: bigint): Promise<void> {
    await this.#send(this.house, "setCap", member, bytesOf(currency), cap);
  }

  async suspend(member: number): Promise<void> {
    await this.#send(this.accounts, "suspendMember", member);
  }

  async submit(legs: readonly QueuedLeg[], priority: number): Promise<number> {
    const encoded = legs.map((leg) => ({ ...leg, currency: bytesOf(leg.currency) }));
    return Number((await this.#send(this.house, "submit", encoded, priority)).gasUsed);
  }

  async hold(id: bigint, member: number): Promise<void> {
    const owner = this.#owners[member - 1] as Wallet;
    const sent = await (this.house.connect(owner) as Contract).getFunction("hold")(id, true);
    await sent.wait();
  }

  /** The gas. Throws with the contract's error. */
  async resolve(ids: readonly bigint[], removals: readonly number[]): Promise<number> {
    return Number((await this.#send(this.house, "resolve", ids, removals)).gasUsed);
  }

  async close(): Promise<number> {
    return Number((await this.#send(this.house, "close")).gasUsed);
  }

  /** Why `resolve` reverts: the name of its error. Undefined if it does not. */
  async refusal(ids: readonly bigint[], removals: readonly number[]): Promise<string | undefined> {
    try {
      await this.house.getFunction("resolve").staticCall(ids, removals);
      return undefined;
    } catch (caught) {
      return /custom error '(\w+)/.exec(String(caught))?.[1] ?? String(caught);
    }
  }

  /** Every obligation up to `last` that is queued and not held, by its place. */
  async waiting(last: bigint): Promise<Waiting> {
    const found: { id: bigint; place: bigint; legs: QueuedLeg[] }[] = [];
    for (let id = 1n; id <= last; id++) {
      const { state, held, place, legs } = await this.house.getFunction("obligation")(id);
      if (state !== 1n || held) continue;
      found.push({ id, place, legs: (legs as RawLeg[]).map(readLeg) });
    }
    found.sort((a, b) => (a.place < b.place ? -1 : 1));
    return { ids: found.map(({ id }) => id), queue: found.map(({ legs }) => legs) };
  }

  /** What `resolveGridlock` asks for, as the chain has it. */
  async rooms(): Promise<(member: number, currency: string) => Room> {
    const rooms = new Map<string, Room>();
    for (let member = 1; member <= this.#owners.length; member++) {
      for (const currency of CURRENCIES) rooms.set(`${member} ${currency}`, await this.#room(member, currency));
    }
    return (member, currency) => rooms.get(`${member} ${currency}`) ?? 0n;
  }

  async snapshot(): Promise<() => Promise<void>> {
    const id = await this.#request("evm_snapshot");
    return async () => {
      await this.#request("evm_revert", [id]);
      this.#operator.reset();
    };
  }

  async #room(member: number, currency: Currency): Promise<Room> {
    const read = async (name: string, ...args: unknown[]) => await this.house.getFunction(name)(...args);
    if (!(await this.accounts.getFunction("isActive")(member))) return "suspended";
    if (member === AGENT) return "unbounded";
    const code = bytesOf(currency);
    const { net, carried } = await read("position", await read("openCycle"), member, code);
    const open: bigint = net + carried;
    const awaited: bigint = (await read("exposure", member, code)) - (open < 0n ? -open : 0n);
    return (await read("cap", member, code)) - awaited + open;
  }

  async #pledge(owner: Wallet, coin: Contract, amount: bigint): Promise<void> {
    await this.#send(coin, "mint", owner, amount);
    const own = (contract: Contract) => contract.connect(owner) as Contract;
    await this.#send(own(coin), "approve", this.accounts, amount);
    await this.#send(own(this.accounts), "deposit", coin, amount);
    await this.#send(own(this.accounts), "pledge", coin, amount);
  }

  async #send(contract: Contract, name: string, ...args: unknown[]): Promise<TransactionReceipt> {
    const sent = await contract.getFunction(name)(...args, { gasLimit: 16_700_000 });
    return (await sent.wait()) as TransactionReceipt;
  }
}

interface RawLeg {
  debtor: bigint;
  creditor: bigint;
  currency: string;
  amount: bigint;
}

function readLeg({ debtor, creditor, currency, amount }: RawLeg): QueuedLeg {
  const code = String.fromCharCode(...Buffer.from(currency.slice(2), "hex"));
  return { debtor: Number(debtor), creditor: Number(creditor), currency: code, amount };
}

function bytesOf(text: string): string {
  return `0x${Buffer.from(text, "ascii").toString("hex")}`;
}

/** Eighteen digits that count the banks, and two that check them (ISO 7064 MOD 97-10). */
function leiOf(index: number): string {
  const digits = 300_000_000_000_000_000n + BigInt(index);
  return bytesOf(String(digits * 100n + 98n - ((digits * 100n) % 97n)));
}
