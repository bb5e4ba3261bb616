import { gatewayAbi } from "../src/chains/abis.ts";
import {
  encodeDeliver,
  encodeDeliverProven,
  encodeProveEarlierHead,
  encodeProveHead,
  type HeadProof,
} from "../src/chains/gateway.ts";
import type { Hex } from "../src/core/hex.ts";
import { formatInteroperableAddress } from "../src/core/interoperable-address.ts";
import { append, genesis, type Message, messageHash } from "../src/core/message-chain.ts";
import { AttestationClient } from "../src/relayer/attestation-client.ts";
import { AttestedSeals } from "../src/relayer/attested-seals.ts";
import { proveHead } from "../src/relayer/prove.ts";
import { type BenchContract, deployBenchContract } from "./bench-contract.ts";
import { type BenchNetwork, withNetwork } from "./network.ts";
import { seededBytes } from "./seeded-bytes.ts";
import { Sender } from "./sender.ts";

/** Gas units of whole transactions, except `proveEarlierHeadPerHash`. Of deliveries, per message. */
export interface GasFigures {
  send: number;
  deliver: { "1": number; "10": number; "100": number };
  /** A hundred messages to a head that was proven before. */
  deliverProven100: number;
  proveHead: number;
  proveEarlierHeadPerHash: number;
  retry: number;
}

const ACCOUNTS = 1_000;
const PAYLOAD_BYTES = 128;

/**
 * What the bridge costs in its steady state, on a source chain with a thousand accounts: 128 random bytes a message,
 * three of four attestations, a recipient that writes one slot.
 */
export async function measureGas(): Promise<GasFigures> {
  return await withNetwork(async (network) => {
    await populate(network);
    const lane = await BenchLane.open(network);
    await lane.send(1);
    await lane.deliver();

    const sent: number[] = [];
    const deliverAfter = async (count: number) => {
      sent.push(...(await lane.send(count)));
      return (await lane.deliver()) / count;
    };
    const deliver = { "1": await deliverAfter(1), "10": await deliverAfter(10), "100": await deliverAfter(100) };
    const send = sent.reduce((sum, gas) => sum + gas, 0) / sent.length;
    return { send, deliver, ...(await measureBacklog(lane)), retry: await measureRetry(lane) };
  });
}

async function measureBacklog(lane: BenchLane) {
  await lane.send(100);
  const head = await lane.proveHead();
  const byOne = await lane.proveEarlierHead(1);
  const byNinety = await lane.proveEarlierHead(90);
  return {
    proveHead: head,
    proveEarlierHeadPerHash: (byNinety - byOne) / 89,
    deliverProven100: (await lane.deliverProven()) / 100,
  };
}

async function measureRetry(lane: BenchLane): Promise<number> {
  await lane.refuse(true);
  await lane.send(1);
  const [failed] = lane.pending;
  await lane.deliver();
  await lane.refuse(false);
  return await lane.retry(failed as Message);
}

async function populate({ trade }: BenchNetwork): Promise<void> {
  const funder = await Sender.open("deployer", trade.provider);
  for (let index = 0; index < ACCOUNTS; index++) {
    await funder.push({ to: seededBytes(`account ${index}`, 20), value: 1n, gasLimit: 21_000n });
  }
}

/** One sender on the trade chain, one recipient on the finance chain, and what is under way between them. */
class BenchLane {
  readonly #network: BenchNetwork;
  readonly #source: Sender;
  readonly #destination: Sender;
  readonly #recipient: BenchContract;
  #cursor: Hex;
  #sent = 0;
  pending: Message[] = [];

  private constructor(network: BenchNetwork, source: Sender, destination: Sender, recipient: BenchContract) {
    this.#network = network;
    this.#source = source;
    this.#destination = destination;
    this.#recipient = recipient;
    this.#cursor = genesis(network.gateways.trade.chain.chainId, network.gateways.trade.address, source.address);
  }

  static async open(network: BenchNetwork): Promise<BenchLane> {
    const source = await Sender.open("stranger", network.trade.provider);
    const destination = await Sender.open("relayer", network.finance.provider);
    const recipient = await deployBenchContract("BenchRecipient", network.finance.provider);
    await network.openLog(source.address);
    return new BenchLane(network, source, destination, recipient);
  }

  /** The gas of each message sent. */
  async send(count: number): Promise<number[]> {
    const { trade, finance } = this.#network.gateways;
    const recipient = formatInteroperableAddress({ chainId: finance.chain.chainId, account: this.#recipient.address });
    const gas: number[] = [];
    for (let index = 0; index < count; index++) {
      const message = {
        recipient: this.#recipient.address,
        payload: seededBytes(`message ${this.#sent++}`, PAYLOAD_BYTES),
      };
      const data = gatewayAbi.encodeFunctionData("sendMessage", [recipient, message.payload, []]) as Hex;
      gas.push(await this.#source.gasOf({ to: trade.address, data }));
      this.pending.push(message);
    }
    return gas;
  }

  async deliver(): Promise<number> {
    const gas = await this.#call(encodeDeliver(this.#source.address, this.#cursor, this.pending, await this.#proof()));
    this.#arrived();
    return gas;
  }

  async proveHead(): Promise<number> {
    return await this.#call(encodeProveHead(this.#source.address, await this.#proof()));
  }

  /** Shows the head before the last `count` messages. */
  async proveEarlierHead(count: number): Promise<number> {
    const earlier = this.#headAfter(this.pending.slice(0, -count));
    return await this.#call(
      encodeProveEarlierHead(this.#source.address, earlier, this.pending.slice(-count).map(messageHash)),
    );
  }

  async deliverProven(): Promise<number> {
    const gas = await this.#call(encodeDeliverProven(this.#source.address, this.#cursor, this.pending));
    this.#arrived();
    return gas;
  }

  async refuse(value: boolean): Promise<void> {
    const data = this.#recipient.abi.encodeFunctionData("refuse", [value]) as Hex;
    await this.#destination.run({ to: this.#recipient.address, data });
  }

  /** Executes the last delivered message, which failed, again. */
  async retry(message: Message): Promise<number> {
    return await this.#call(
      gatewayAbi.encodeFunctionData("retry", [this.#cursor, this.#source.address, message]) as Hex,
    );
  }

  async #call(data: Hex): Promise<number> {
    return await this.#destination.gasOf({ to: this.#network.gateways.finance.address, data });
  }

  async #proof(): Promise<HeadProof> {
    const { gateways, config } = this.#network;
    const attestations = new AttestationClient({ urls: config.relayer?.attestors ?? [], timeoutMs: 5_000 });
    const { proof } = await proveHead({
      source: gateways.trade,
      destination: gateways.finance,
      seals: new AttestedSeals(attestations),
      sender: this.#source.address,
      block: await gateways.trade.chain.blockNumber(),
      head: this.#headAfter(this.pending),
      signal: AbortSignal.timeout(10_000),
      reportEquivocation: async () => undefined,
    });
    return proof;
  }

  #headAfter(messages: readonly Message[]): Hex {
    return messages.reduce(append, this.#cursor);
  }

  #arrived(): void {
    this.#cursor = this.#headAfter(this.pending);
    this.pending = [];
  }
}
