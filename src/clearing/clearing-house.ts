import { loadAbi } from "../chains/abis.ts";
import type { Chain } from "../chains/chain.ts";
import { pinned } from "../chains/pinned-chain.ts";
import type { QueuedLeg, Room } from "../core/gridlock.ts";
import type { Hex } from "../core/hex.ts";
import type { PlannedCall } from "../relayer/outbox.ts";
import { currencyBytes, currencyText } from "./instruction.ts";

export const clearingHouseAbi = loadAbi("finance/clearing/ClearingHouse");
const subAccountsAbi = loadAbi("finance/clearing/ISubAccounts");

/** `IClearingHouse.State`, in its order. */
const STATES = [
  "Unknown",
  "Queued",
  "Cancelled",
  "Provisional",
  "Netted",
  "Instructed",
  "Cleared",
  "Rejected",
] as const;

export type ChainState = (typeof STATES)[number];

export interface Position {
  /** Millionths. */
  net: bigint;
  /** Millionths, never negative. */
  carried: bigint;
  /** Hundredths. */
  instructed: bigint;
  state: ChainState;
}

export interface Cycle {
  /** Unix seconds. */
  openedAt: number;
  /** Unix seconds; 0 while it is open. */
  closedAt: number;
  /** Positions whose booking or rejection is awaited. */
  pending: number;
  root: Hex;
}

export interface ObligationView {
  state: ChainState;
  held: boolean;
  /** Lower ones come first. */
  place: bigint;
  legs: readonly QueuedLeg[];
}

interface ObligationTuple {
  state: bigint;
  held: boolean;
  place: bigint;
  legs: readonly { debtor: bigint; creditor: bigint; currency: Hex; amount: bigint }[];
}

export interface Member {
  id: number;
  lei: string;
}

/** A position of a cycle, by what names it on the chain. */
export interface PositionName {
  cycle: number;
  member: number;
  currency: string;
}

/** Of a transaction, by EIP-7825. A chain without that rule takes as much as its blocks do. */
const MOST_GAS = 2n ** 24n;
/** Members with higher numbers have no positions: {@link ClearingHouse} on the chain has no more. */
const MOST_MEMBERS = 128;

/** The clearing house and the sub-accounts of its members. */
export class ClearingHouse {
  readonly chain: Chain;
  readonly address: Hex;

  constructor(chain: Chain, address: string) {
    this.chain = chain;
    this.address = address.toLowerCase() as Hex;
  }

  /** As one unit of work reads it: from one provider, checked against the others. */
  pinned(): ClearingHouse {
    const chain = pinned(this.chain);
    return chain === this.chain ? this : new ClearingHouse(chain, this.address);
  }

  async openCycle(block?: number): Promise<number> {
    return Number(await this.#view<bigint>("openCycle", [], block));
  }

  async cycle(number: number, block?: number): Promise<Cycle> {
    const { openedAt, closedAt, pending, root } = await this.#view<Record<keyof Cycle, bigint> & { root: Hex }>(
      "cycle",
      [number],
      block,
    );
    return { openedAt: Number(openedAt), closedAt: Number(closedAt), pending: Number(pending), root };
  }

  async position({ cycle, member, currency }: PositionName, block?: number): Promise<Position> {
    const { net, carried, instructed, state } = await this.#view<Record<keyof Position, bigint>>(
      "position",
      [cycle, member, currencyBytes(currency)],
      block,
    );
    return { net, carried, instructed, state: STATES[Number(state)] ?? "Unknown" };
  }

  async positionLeaf({ cycle, member, currency }: PositionName, block?: number): Promise<Hex> {
    return await this.#view("positionLeaf", [cycle, member, currencyBytes(currency)], block);
  }

  async currencies(block?: number): Promise<string[]> {
    return (await this.#view<Hex[]>("currencies", [], block)).map(currencyText);
  }

  async coinOf(currency: string, block?: number): Promise<Hex> {
    return (await this.#view<string>("coinOf", [currencyBytes(currency)], block)).toLowerCase() as Hex;
  }

  /** Milliseconds before which no cycle is closed. */
  async minimumAgeMs(block?: number): Promise<number> {
    const data = await this.chain.call(this.address, clearingHouseAbi.encodeFunctionData("cycleAges") as Hex, block);
    return Number(clearingHouseAbi.decodeFunctionResult("cycleAges", data)["minimum"]) * 1_000;
  }

  async queueLength(block?: number): Promise<number> {
    return Number(await this.#view<bigint>("queueLength", [], block));
  }

  async obligation(id: bigint, block?: number): Promise<ObligationView> {
    const { state, held, place, legs } = await this.#view<ObligationTuple>("obligation", [id], block);
    return {
      state: STATES[Number(state)] ?? "Unknown",
      held,
      place,
      legs: legs.map(({ debtor, creditor, currency, amount }) => ({
        debtor: Number(debtor),
        creditor: Number(creditor),
        currency: currencyText(currency),
        amount,
      })),
    };
  }

  /** How much more a member may owe in a currency. */
  async room(member: number, currency: string, block?: number): Promise<Room> {
    const subAccounts = await this.#view<Hex>("subAccounts", [], block);
    if (!(await this.#read<boolean>(subAccounts, subAccountsAbi, "isActive", [member], block))) return "suspended";
    if (Number(await this.#view<bigint>("settlementAgent", [], block)) === member) return "unbounded";
    const code = currencyBytes(currency);
    const cycle = await this.openCycle(block);
    const [cap, exposure, { net, carried }] = await Promise.all([
      this.#view<bigint>("cap", [member, code], block),
      this.#view<bigint>("exposure", [member, code], block),
      this.position({ cycle, member, currency }, block),
    ]);
    // The exposure counts what is owed; what the member is owed net in the open cycle is room on top.
    const owed = net + carried;
    return cap - exposure + (owed > 0n ? owed : 0n);
  }

  /** All members, in the order of their ids. */
  async members(block?: number): Promise<Member[]> {
    const subAccounts = await this.#view<Hex>("subAccounts", [], block);
    const count = Number(await this.#read<bigint>(subAccounts, subAccountsAbi, "memberCount", [], block));
    const ids = Array.from({ length: Math.min(count, MOST_MEMBERS) }, (_, index) => index + 1);
    return await Promise.all(
      ids.map(async (id) => {
        const { lei } = await this.#read<{ lei: Hex }>(subAccounts, subAccountsAbi, "member", [id], block);
        return { id, lei: currencyText(lei) };
      }),
    );
  }

  /**
   * A call of this contract with as much gas as it takes now, and half as much again where a transaction may have that.
   * @throws HuangpuError RPC_REJECTED when it would revert.
   */
  async plan(from: Hex, data: Hex): Promise<PlannedCall> {
    const gas = await this.chain.estimateGas(from, this.address, data);
    const ample = gas + gas / 2n;
    return { to: this.address, data, gasLimit: ample > MOST_GAS && gas <= MOST_GAS ? MOST_GAS : ample };
  }

  async #view<T>(name: string, args: unknown[], block?: number): Promise<T> {
    return await this.#read(this.address, clearingHouseAbi, name, args, block);
  }

  async #read<T>(to: Hex, abi: typeof clearingHouseAbi, name: string, args: unknown[], block?: number): Promise<T> {
    const data = await this.chain.call(to, abi.encodeFunctionData(name, args) as Hex, block);
    return abi.decodeFunctionResult(name, data)[0] as T;
  }
}

export const encodeClose = (): Hex => encode("close", []);

export const encodeResolve = (ordered: readonly bigint[], removals: readonly bigint[]): Hex =>
  encode("resolve", [ordered, removals]);

export const encodeInstruct = (at: PositionName): Hex => encode("instruct", place(at));

export const encodeConfirm = (at: PositionName, booking: Hex): Hex => encode("confirm", [...place(at), booking]);

/** @param reason ISO 20022 status reason, four characters. */
export const encodeReject = (at: PositionName, reason: string): Hex =>
  encode("reject", [...place(at), currencyBytes(reason)]);

function place({ cycle, member, currency }: PositionName): unknown[] {
  return [cycle, member, currencyBytes(currency)];
}

function encode(name: string, args: unknown[]): Hex {
  return clearingHouseAbi.encodeFunctionData(name, args) as Hex;
}
