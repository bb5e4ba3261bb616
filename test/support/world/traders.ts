import { AbiCoder, encodeBytes32String, MaxUint256, type ParamType } from "ethers";
import { coinAt } from "../../../deploy/deployment.ts";
import { documentTypes } from "../../../scripts/local/entities.ts";
import { type Hex, keccak256 } from "../../../src/core/hex.ts";
import type { SeededRandom } from "../fakes/seeded-random.ts";
import { mined } from "./actor.ts";
import { CallQueue } from "./call-queue.ts";
import type { Side, Stage } from "./stage.ts";
import { DAY, worth } from "./trades.ts";

const courses = ["money first", "documents first", "cancelled"] as const;

/** A sale with one milestone, on one document; cancelled by both when the money is there, or paid. */
export interface Sale {
  amount: bigint;
  course: (typeof courses)[number];
}

type Queues = Record<"seller" | "buyer" | "payer" | "carrier", CallQueue>;

interface Happening {
  name: string;
  id: Hex;
}

/** Sales that may be under way at once, and that begin at once. */
const AT_ONCE = 1_000;
const PER_STEP = 50;
/** So that a buyer can pay for all of them. */
const HIGHEST_AMOUNT = 100_000_000;
const coder = AbiCoder.defaultAbiCoder();
const GAS = { propose: 450_000n, accept: 250_000n, fund: 600_000n, anchor: 600_000n, cancel: 200_000n };

/**
 * A seller, a buyer and a carrier who do a lot of business at once. They look at the chains themselves and act on what they
 * see there; the chains' own pace is all that they wait for.
 */
export class Traders {
  readonly sales = new Map<Hex, Sale>();
  readonly #stage: Stage;
  readonly #queues: Queues;
  readonly #random: SeededRandom;
  readonly #count: number;
  readonly #expiry = Math.floor(Date.now() / 1_000) + 30 * DAY;
  readonly #seen: Record<Side, number> = { trade: 0, finance: 0 };
  #ended = 0;

  private constructor(stage: Stage, queues: Queues, random: SeededRandom, count: number) {
    this.#stage = stage;
    this.#queues = queues;
    this.#random = random;
    this.#count = count;
  }

  static async open(stage: Stage, random: SeededRandom, count: number): Promise<Traders> {
    const { finance } = stage.as("buyer");
    await mined(finance.coin("USD").approve(stage.deployment.finance.settlement, MaxUint256));
    const queue = async (account: "seller" | "buyer" | "carrier", side: Side) =>
      await CallQueue.open(stage[side].provider, stage.as(account).wallet);
    const queues = {
      seller: await queue("seller", "trade"),
      buyer: await queue("buyer", "trade"),
      payer: await queue("buyer", "finance"),
      carrier: await queue("carrier", "trade"),
    };
    return new Traders(stage, queues, random, count);
  }

  /** Sales of which the trade chain has heard that the money was paid out or back. */
  get ended(): number {
    return this.#ended;
  }

  get done(): boolean {
    return this.#ended === this.#count;
  }

  /** Everybody looks at both chains and does what is theirs to do. How much they saw. */
  async act(): Promise<number> {
    let seen = 0;
    for (const side of ["trade", "finance"] as const) {
      const happenings = await this.#happenings(side);
      for (const happening of happenings) await this.#react(happening);
      seen += happenings.length;
    }
    const free = Math.min(this.#count - this.sales.size, PER_STEP, AT_ONCE + this.#ended - this.sales.size);
    for (let index = 0; index < free; index++) await this.#propose();
    return seen;
  }
  async #happenings(side: Side): Promise<Happening[]> {
    const { provider } = this.#stage[side];
    const { trade, finance } = this.#stage.as("stranger");
    const latest = await provider.getBlockNumber();
    if (latest === this.#seen[side]) return [];
    const address =
      side === "trade" ? this.#stage.deployment.trade.tradeBook : this.#stage.deployment.finance.settlement;
    const abi = side === "trade" ? trade.tradeBook.interface : finance.settlement.interface;
    const range = { fromBlock: quantity(this.#seen[side] + 1), toBlock: quantity(latest) };
    const logs: { topics: string[]; data: string }[] = await provider.send("eth_getLogs", [{ address, ...range }]);
    this.#seen[side] = latest;
    return logs.map(({ topics, data }) => {
      const event = abi.parseLog({ topics, data });
      return { name: `${event?.name} on ${side}`, id: topics[1] as Hex };
    });
  }

  async #react({ name, id }: Happening): Promise<void> {
    const { tradeBook } = this.#stage.as("stranger").trade;
    const { settlement } = this.#stage.as("stranger").finance;
    const sale = this.sales.get(id);
    if (sale === undefined) return;
    const { course, amount } = sale;
    const onBook = async (who: "seller" | "buyer", call: "accept" | "cancel") => {
      const data = tradeBook.interface.encodeFunctionData(call as "accept", [id]);
      await this.#queues[who].send(this.#stage.deployment.trade.tradeBook, data, GAS[call]);
    };
    switch (name) {
      case "TradeProposed on trade":
        await onBook("buyer", "accept");
        break;
      case "TradeAgreed on trade":
        if (course === "documents first") await this.#anchor(id);
        break;
      case "EscrowOpened on finance": {
        const data = settlement.interface.encodeFunctionData("fund", [id, amount]);
        await this.#queues.payer.send(this.#stage.deployment.finance.settlement, data, GAS.fund);
        break;
      }
      case "TradeFunded on trade":
        if (course === "money first") await this.#anchor(id);
        if (course !== "cancelled") break;
        await onBook("buyer", "cancel");
        await onBook("seller", "cancel");
        break;
      case "MilestonePaid on trade":
      case "TradeRefunded on trade":
        this.#ended++;
        break;
      default:
    }
  }

  async #propose(): Promise<void> {
    const { chainId, tradeBook } = this.#stage.deployment.trade;
    const { address, trade } = this.#stage.as("seller");
    const { amount, course } = this.#draw();
    const terms = {
      buyer: this.#stage.as("buyer").address,
      currency: encodeBytes32String("USD").slice(0, 8),
      coin: coinAt(this.#stage.deployment, "USD"),
      amount,
      expiry: this.#expiry,
      purchaseReference: encodeBytes32String(`PO-${this.sales.size}`),
      milestones: [
        {
          share: 10_000,
          requirements: [{ documentType: documentTypes.billOfLading, issuer: this.#stage.as("carrier").address }],
        },
      ],
      titles: [],
    };
    const [type] = trade.tradeBook.interface.getFunction("propose").inputs as [ParamType];
    const identity = ["uint256", "address", "address", type];
    const id = keccak256(coder.encode(identity, [chainId, tradeBook, address, terms]) as Hex);
    this.sales.set(id, { amount, course });
    await this.#queues.seller.send(
      tradeBook,
      trade.tradeBook.interface.encodeFunctionData("propose", [terms]),
      GAS.propose,
    );
  }

  #draw(): Sale {
    const course = courses[this.#random.below(courses.length)] ?? "money first";
    return { amount: BigInt(this.#random.between(1, HIGHEST_AMOUNT)), course };
  }

  async #anchor(id: Hex): Promise<void> {
    const { documentRegistry } = this.#stage.as("carrier").trade;
    const value = worth(this.sales.get(id)?.amount ?? 0n);
    const call = [keccak256(id), documentTypes.billOfLading, id, value] as const;
    const data = documentRegistry.interface.encodeFunctionData("anchorValued", [...call]);
    await this.#queues.carrier.send(this.#stage.deployment.trade.documentRegistry, data, GAS.anchor);
  }
}

function quantity(value: number): string {
  return `0x${value.toString(16)}`;
}
