import {
  encodeDeliver,
  encodeDeliverProven,
  encodeProveEarlierHead,
  encodeProveHead,
  type HeadProof,
} from "../chains/gateway.ts";
import { cutBatches, deliveryGas, foldingGas, type GasBounds } from "../core/delivery-plan.ts";
import type { Hex } from "../core/hex.ts";
import { type Message, messageHash } from "../core/message-chain.ts";
import type { LaneProgress, PendingMessage } from "./journal.ts";
import type { PlannedCall } from "./outbox.ts";

/** A call and what it delivers: nothing when it only shows a head. */
export interface DeliveryCall extends PlannedCall {
  /** Bytes of the payload of each message. */
  payloads: readonly number[];
  /** Where the cursor is afterwards. */
  reaches?: Hex;
}

/** Pending messages by position, both ends included. */
export type ReadPending = (from: number, to: number) => PendingMessage[];

export interface DeliveryRequest {
  gateway: Hex;
  lane: LaneProgress;
  proof: HeadProof;
  /** Bytes of the payload of each pending message. */
  payloads: readonly number[];
  bounds: GasBounds;
  read: ReadPending;
}

/**
 * The calls that deliver everything pending in a lane, in order. What fits into one transaction takes one, with its
 * proof. A longer backlog is cut: the newest head is shown, then, backwards, the head at every cut by the hashes in
 * between, each hashed once; then the batches follow. Lazy, so that a long backlog is never in memory at once.
 */
export function* planDelivery(request: DeliveryRequest): Generator<DeliveryCall> {
  const { gateway, lane, proof, payloads, bounds, read } = request;
  const { sender, delivered } = lane;
  const ends = cutBatches(delivered, payloads, bounds);
  const showing = (data: Hex, gasLimit: bigint): DeliveryCall => ({ to: gateway, data, gasLimit, payloads: [] });
  const delivering = (start: number, end: number, encode: (messages: Message[]) => Hex): DeliveryCall => {
    const messages = read(start + 1, end);
    const sizes = payloads.slice(start - delivered, end - delivered);
    return {
      to: gateway,
      data: encode(messages.map(content)),
      gasLimit: deliveryGas(sizes, bounds),
      payloads: sizes,
      reaches: headOf(messages.slice(-1)),
    };
  };

  const [end = delivered] = ends;
  if (ends.length === 1) {
    yield delivering(delivered, end, (messages) => encodeDeliver(sender, lane.head, messages, proof));
    return;
  }

  yield showing(encodeProveHead(sender, proof), deliveryGas([], bounds));
  for (const [start, end] of pairs(ends).reverse()) {
    const between = read(start, end);
    const hashes = between.slice(1).map(messageHash);
    yield showing(encodeProveEarlierHead(sender, headOf(between), hashes), foldingGas(hashes.length));
  }

  let from = lane.head;
  for (const [start, end] of pairs([delivered, ...ends])) {
    const call = delivering(start, end, (messages) => encodeDeliverProven(sender, from, messages));
    yield call;
    from = call.reaches ?? from;
  }
}

function headOf([first]: PendingMessage[]): Hex {
  if (first === undefined) throw new RangeError("No message at the end of a batch");
  return first.id;
}

function content({ recipient, payload }: PendingMessage): Message {
  return { recipient, payload };
}

function pairs(numbers: number[]): [number, number][] {
  return numbers.slice(1).map((end, index) => [numbers[index] ?? 0, end]);
}
