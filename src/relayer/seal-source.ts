import type { Gateway } from "../chains/gateway.ts";
import type { RpcBlock } from "../core/block-header.ts";
import type { Hex } from "../core/hex.ts";

export interface SealRequest {
  source: Gateway;
  destination: Gateway;
  /** The destination's light client of the source chain. */
  lightClient: Hex;
  block: RpcBlock & { hash: Hex };
  signal: AbortSignal;
}

/** A header as the light client takes it. */
export interface SealedHeader {
  header: Hex;
  seal: Hex;
  /** Validators whose consent is in the seal. */
  signers: number;
}

/** Where the validators' consent to a block comes from: one implementation per way in which a chain seals its blocks. */
export interface SealSource {
  /** @throws HuangpuError RPC_INCONSISTENT when the block does not hash to its hash, NO_QUORUM when too few consent. */
  seal(request: SealRequest): Promise<SealedHeader>;
}
