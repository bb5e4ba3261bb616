import type { Gateway } from "../chains/gateway.ts";
import type { RpcBlock } from "../core/block-header.ts";
import type { Hex } from "../core/hex.ts";
import type { PlannedCall } from "./outbox.ts";

export interface SealRequest {
  source: Gateway;
  destination: Gateway;
  /** The destination's light client of the source chain. */
  lightClient: Hex;
  block: RpcBlock & { hash: Hex };
  /** Whether the light client holds the block already: then it asks for no seal. */
  held: boolean;
  signal: AbortSignal;
}

/** A look at the source chain, once in a round. */
export interface RenewRequest {
  source: Gateway;
  destination: Gateway;
  /** The newest source block that is final. */
  block: number;
  /** Whether something is to be delivered that this block shows. */
  urgent: boolean;
  /** Sends a transaction on the destination and waits for it. */
  send: (call: PlannedCall) => Promise<void>;
  signal: AbortSignal;
}

/** A header as the light client takes it. */
export interface SealedHeader {
  header: Hex;
  seal: Hex;
  /** Validators whose consent is in the seal; 0 where none is needed. */
  signers: number;
}

/** Where the validators' consent to a block comes from: one implementation per way in which a chain seals its blocks. */
export interface SealSource {
  /** @throws HuangpuError RPC_INCONSISTENT when the block does not hash to its hash, NO_QUORUM when too few consent. */
  seal(request: SealRequest): Promise<SealedHeader>;

  /**
   * Keeps up what the light client must know of the source chain's validators, also when there is nothing to deliver.
   * @throws HuangpuError VALIDATORS_NOT_FOLLOWED when only VALIDATOR_ADMIN can.
   */
  renew(request: RenewRequest): Promise<void>;
}
