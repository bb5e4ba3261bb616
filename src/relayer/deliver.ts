import {
  encodeDeliver,
  encodeDeliverProven,
  encodeProveEarlierHead,
  encodeProveHead,
  type HeadProof,
} from "../chains/gateway.ts";
import { batchEnds, batchSize, deliveryGas, foldingGas, type GasBounds } from "../core/delivery-plan.ts";
import type { Hex } from "../core/hex.ts";
import { type Message, messageHash } from "../core/message-chain.ts";
import type { LaneProgress, PendingMessage } from "./journal.ts";
import type { PlannedCall } from "./outbox.ts";

/** A call and how many messages it delivers: none when it only shows a head. */
export interface DeliveryCall extends PlannedCall {
  count: number;
}

/** Pending messages by position, both ends included. */
export type ReadPending = (from: number, to: number) => PendingMessage[];

export interface DeliveryRequest {
  gateway: Hex;
  lane: LaneProgress;
  proof: HeadProof;
  bounds: GasBounds;
  read: ReadPending;
}

/**
 * The calls that deliver everything pending in a lane, in order. What fits into one transaction takes one, with its
 * proof. A longer backlog is cut: the newest head is shown, then, backwards, the head at every cut by the hashes in
 * between, each hashed once; then the batches follow. Lazy, so that a long backlog is never in memory at once.
 */
export function* planDelivery({ gateway, lane, proof, bounds, read }: DeliveryRequest): Generator<DeliveryCall> {
  const { sender, delivered } = lane;
  const ends = batchEnds(delivered, lane.pending, batchSize(bounds));
  const call = (data: Hex, gasLimit: bigint, count: number): DeliveryCall => ({ to: gateway, data, gasLimit, count });

  if (ends.length === 1) {
    const messages = read(delivered + 1, delivered + lane.pending);
    yield call(
      encodeDeliver(sender, lane.head, messages.map(content), proof),
      deliveryGas(messages.length, bounds),
      messages.length,
    );
    return;
  }

  yield call(encodeProveHead(sender, proof), deliveryGas(0, bounds), 0);
  for (const [start, end] of pairs(ends).reverse()) {
    const between = read(start, end);
    const hashes = between.slice(1).map(messageHash);
    yield call(encodeProveEarlierHead(sender, headOf(between), hashes), foldingGas(hashes.length), 0);
  }

  let from = lane.head;
  for (const [start, end] of pairs([delivered, ...ends])) {
    const messages = read(start + 1, end);
    yield call(
      encodeDeliverProven(sender, from, messages.map(content)),
      deliveryGas(messages.length, bounds),
      messages.length,
    );
    from = messages.at(-1)?.id ?? from;
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
