import { decodeRlp, recoverAddress } from "ethers";
import { gatewayAbi, headersAbi, lightClientAbi } from "../../../src/chains/abis.ts";
import type { HeadProof } from "../../../src/chains/gateway.ts";
import { attestationDigest, quorumOf } from "../../../src/core/attestation.ts";
import { concat, type Hex, keccak256, keccakText, word } from "../../../src/core/hex.ts";
import { formatInteroperableAddress } from "../../../src/core/interoperable-address.ts";
import { append, genesis, headSlot, type LoggedMessage, type Message } from "../../../src/core/message-chain.ts";
import { type Execution, type FakeChain, type FakeContract, type FakeLog, Reverted } from "./fake-chain.ts";

export interface FakeGatewayOptions {
  address: Hex;
  remote: { chainId: number; gateway: Hex };
  validators: readonly Hex[];
  /** What the gateway allows one message. */
  messageGasLimit: bigint;
  /** What a message takes here. */
  messageGas: bigint;
}

/** What the gateway takes beside the messages. */
const BASE_GAS = 250_000n;
const LIGHT_CLIENT: Hex = `0x${"11".repeat(20)}`;
const ZERO: Hex = `0x${"00".repeat(32)}`;
const DELIVERED_SLOT: Hex = keccakText("delivered");
const cursorSlot = (sender: Hex): Hex => keccak256(concat(word(sender), keccakText("cursor")));
const heldSlot = (number: number): Hex => keccak256(concat(word(BigInt(number)), keccakText("held")));
const provenSlot = (head: Hex): Hex => keccak256(concat(head, keccakText("proven")));
const VERIFIER: Hex = `0x${"22".repeat(20)}`;

/** The rules of `Gateway.sol`, `LightClient.sol` and `AttestedHeaders.sol`, over the proofs of a {@link FakeChain}. */
export class FakeGateway implements FakeContract {
  readonly address: Hex;
  paused = false;
  frozen = false;
  /** Whether every delivery reverts. */
  refusing = false;
  /** Whether the light client holds another header at every height. */
  equivocated = false;
  /** The only block that the light client holds, whatever height it is asked for. */
  held: Hex | undefined;
  /** Messages delivered, in order. */
  readonly delivered: Message[] = [];
  /** Recipients that refuse every message. */
  readonly failing = new Set<Hex>();
  readonly #chain: FakeChain;
  readonly #options: FakeGatewayOptions;

  constructor(chain: FakeChain, options: FakeGatewayOptions) {
    this.address = options.address;
    this.#chain = chain;
    this.#options = options;
    chain.deploy(options.address, this);
    chain.deploy(LIGHT_CLIENT, {
      call: (data) => this.#lightClient(data),
      execute: () => {
        this.#assertConflict();
        this.frozen = true;
        return { logs: [], gasUsed: BASE_GAS };
      },
    });
    chain.deploy(
      VERIFIER,
      viewOnly((data) => this.#verifier(data)),
    );
  }

  /** Lets an account send, from the next block on, as the contract does. */
  openLog(from: Hex): void {
    const first = genesis(this.#chain.chainId, this.address, from);
    this.#chain.slots.set(headSlot(from), first);
    this.#chain.log(this.#log("LogOpened", [from, first]));
  }

  rewound(): void {
    this.delivered.length = Number(this.#chain.slots.get(DELIVERED_SLOT) ?? 0);
  }

  /** Logs a message, in the next block, as the contract does. */
  send(from: Hex, message: Message): LoggedMessage {
    const head = this.#chain.slots.get(headSlot(from)) ?? genesis(this.#chain.chainId, this.address, from);
    const id = append(head, message);
    this.#chain.slots.set(headSlot(from), id);
    const sender = formatInteroperableAddress({ chainId: this.#chain.chainId, account: from });
    const recipient = formatInteroperableAddress({ chainId: this.#options.remote.chainId, account: message.recipient });
    this.#chain.log(this.#log("MessageSent", [id, sender, recipient, message.payload, 0, []]));
    return { ...message, id };
  }

  cursor(sender: Hex, slotAt = (slot: Hex) => this.#chain.slots.get(slot) ?? ZERO): Hex {
    const { chainId, gateway } = this.#options.remote;
    const head = slotAt(cursorSlot(sender));
    return head === ZERO ? genesis(chainId, gateway, sender) : head;
  }

  call(data: Hex, slotAt: (slot: Hex) => Hex): Hex {
    const { name, args } = parse(data);
    const sender = lower(args[0]);
    if (name === "headOf") return result(name, [slotAt(headSlot(sender))]);
    if (name === "cursor") return result(name, [this.cursor(sender, slotAt)]);
    if (name === "isProven") return result(name, [this.#isProven(args[1] as Hex)]);
    if (name === "proveHead") return result(name, [this.#accept(sender, args[1] as HeadProof, false)]);
    const { remote, messageGasLimit } = this.#options;
    return result("lane", [[remote.chainId, remote.gateway, LIGHT_CLIENT, messageGasLimit, this.paused]]);
  }

  execute(data: Hex, gasLimit: bigint): Execution {
    if (this.paused || this.refusing) throw revert("Gateway_Paused", [true]);
    const { name, args } = parse(data);
    const [first, second, third] = args;
    if (name === "proveHead")
      return this.#remember(lower(first), this.#accept(lower(first), second as HeadProof, true), 0);
    if (name === "proveEarlierHead") {
      const hashes = [...(third as Hex[])];
      const later = hashes.reduce((head, hash) => keccak256(concat(head, hash)), second as Hex);
      if (!this.#isProven(later)) throw revert("Gateway_HeadNotProven", [later]);
      return this.#remember(lower(first), second as Hex, hashes.length);
    }
    const messages = [...(third as Message[])].map(({ recipient, payload }) => ({
      recipient: lower(recipient),
      payload,
    }));
    const proven = name === "deliver" ? this.#accept(lower(first), args[3] as HeadProof, true) : undefined;
    return this.#deliver(lower(first), second as Hex, messages, proven, gasLimit);
  }

  #deliver(sender: Hex, from: Hex, messages: Message[], proven: Hex | undefined, gasLimit: bigint): Execution {
    const cursor = this.cursor(sender);
    if (cursor !== from) throw revert("Gateway_NotAtCursor", [cursor, from]);
    if (messages.length === 0) throw revert("Gateway_NoMessages", []);
    const ids: Hex[] = [];
    let head = from;
    for (const message of messages) {
      head = append(head, message);
      ids.push(head);
    }
    if (proven !== undefined && proven !== head) throw revert("Gateway_HeadMismatch", [head, proven]);
    if (proven === undefined && !this.#isProven(head)) throw revert("Gateway_HeadNotProven", [head]);

    const { messageGas, messageGasLimit } = this.#options;
    const left = gasLimit - BASE_GAS - BigInt(messages.length - 1) * messageGas;
    const required = messageGasLimit + messageGasLimit / 63n + 60_000n;
    if (left < required) throw revert("Gateway_InsufficientGas", [left < 0n ? 0n : left, required]);

    this.delivered.push(...messages);
    this.#chain.slots.set(cursorSlot(sender), head);
    this.#chain.slots.set(DELIVERED_SLOT, word(BigInt(this.delivered.length)));
    const logs = messages.flatMap(({ recipient }, index) =>
      this.failing.has(recipient) ? [this.#log("MessageFailed", [ids[index], sender, recipient, "0xdead"])] : [],
    );
    logs.push(this.#log("MessagesDelivered", [sender, from, head, messages.length]));
    return { logs, gasUsed: BASE_GAS + BigInt(messages.length) * messageGas };
  }

  #accept(sender: Hex, proof: HeadProof, hold: boolean): Hex {
    if (this.frozen) throw new Reverted(lightClientAbi.encodeErrorResult("LightClient_Frozen", []) as Hex);
    const header = decodeRlp(proof.header) as Hex[];
    const digest = attestationDigest({
      chainId: this.#options.remote.chainId,
      number: Number(header[8]),
      blockHash: keccak256(proof.header),
    });
    const number = Number(header[8]);
    const hash = keccak256(proof.header);
    if (this.#held(number) !== hash) this.#checkSeal(digest, proof.seal);
    if (this.equivocated) throw conflict(number, hash);
    if (hold) this.#chain.slots.set(heldSlot(number), hash);
    const [state] = proof.storageProof;
    if (state === undefined || keccak256(state) !== header[3]) throw new Reverted("0x0badc0de");
    const words = (state.slice(2).match(/.{64}/g) ?? []).map((digits): Hex => `0x${digits}`);
    const place = words.findIndex((slot, index) => index % 2 === 0 && slot === headSlot(sender));
    if (place === -1) throw new Reverted("0x0badc0de");
    return words[place + 1] as Hex;
  }

  #checkSeal(digest: Hex, seal: Hex): void {
    const signatures = seal.slice(2).match(/.{130}/g) ?? [];
    const quorum = quorumOf(this.#options.validators.length);
    if (signatures.length < quorum) throw headersRevert("Seals_NoQuorum", [signatures.length, quorum]);
    let previous: Hex = "0x00";
    for (const signature of signatures) {
      // As ECDSA.sol and the precompile have it: 27 or 28 and nothing else.
      if (!/1[bc]$/i.test(signature)) throw new Reverted("0xf645eedf");
      const signer = lower(recoverAddress(digest, `0x${signature}`));
      if (!this.#options.validators.includes(signer)) throw headersRevert("Seals_UnknownValidator", [signer]);
      if (BigInt(signer) <= BigInt(previous)) throw new Reverted("0x0badc0de");
      previous = signer;
    }
  }

  #remember(sender: Hex, head: Hex, folded: number): Execution {
    this.#chain.slots.set(provenSlot(head), word(1n));
    return { logs: [this.#log("HeadProven", [sender, head])], gasUsed: 100_000n + BigInt(folded) * 1_000n };
  }

  #held(number: number): Hex {
    return this.held ?? this.#chain.slots.get(heldSlot(number)) ?? ZERO;
  }

  #isProven(head: Hex): boolean {
    return this.#chain.slots.has(provenSlot(head));
  }

  #log(event: string, values: unknown[]): FakeLog {
    const { topics, data } = gatewayAbi.encodeEventLog(event, values);
    return { address: this.address, topics: topics as Hex[], data: data as Hex };
  }

  #lightClient(data: Hex): Hex {
    const { name = "", args = [] } = lightClientAbi.parseTransaction({ data }) ?? {};
    if (name === "reportEquivocation") {
      this.#assertConflict();
      return "0x";
    }
    const [number = 0] = [...args];
    const results: Record<string, unknown> = { frozen: this.frozen, blockHashAt: this.#held(Number(number)) };
    return lightClientAbi.encodeFunctionResult(name, [results[name] ?? VERIFIER]) as Hex;
  }

  #assertConflict(): void {
    const error = lightClientAbi.encodeErrorResult("LightClient_NoConflict", [0, ZERO, ZERO]) as Hex;
    if (!this.equivocated) throw new Reverted(error);
  }

  #verifier(data: Hex): Hex {
    const name = headersAbi.parseTransaction({ data })?.name ?? "";
    const { validators } = this.#options;
    return headersAbi.encodeFunctionResult(name, [name === "quorum" ? quorumOf(validators.length) : validators]) as Hex;
  }
}

function viewOnly(call: (data: Hex) => Hex): FakeContract {
  return {
    call,
    execute: () => {
      throw new Reverted("0x");
    },
  };
}

function parse(data: Hex): { name: string; args: unknown[] } {
  const parsed = gatewayAbi.parseTransaction({ data });
  return { name: parsed?.name ?? "", args: [...(parsed?.args ?? [])] };
}

const lower = (hex: unknown): Hex => String(hex).toLowerCase() as Hex;
const result = (name: string, values: unknown[]): Hex => gatewayAbi.encodeFunctionResult(name, values) as Hex;
const revert = (error: string, values: unknown[]) => new Reverted(gatewayAbi.encodeErrorResult(error, values) as Hex);
const headersRevert = (error: string, values: unknown[]) =>
  new Reverted(headersAbi.encodeErrorResult(error, values) as Hex);

function conflict(number: number, given: Hex): Reverted {
  const held: Hex = `0x${"99".repeat(32)}`;
  return new Reverted(lightClientAbi.encodeErrorResult("LightClient_ConflictingHeader", [number, held, given]) as Hex);
}
