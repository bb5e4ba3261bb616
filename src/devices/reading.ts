import type { Hex } from "../core/hex.ts";

/** What a device measured at one time. As `IDeviceRegistry.Reading`. */
export interface Reading {
  /** 1 for a device's first, then one more each. */
  counter: bigint;
  /** Unix seconds. */
  time: number;
  /** 16 random bytes. */
  salt: Hex;
  /** One for each quantity, in its smallest part. */
  values: bigint[];
}

/** Least and greatest value of one quantity in a batch. */
export interface Extent {
  min: bigint;
  max: bigint;
}

/** What a device signs of its readings. As `IDeviceRegistry.Batch`. */
export interface Batch {
  deviceId: Hex;
  firstCounter: bigint;
  /** 1 to 65,536. */
  count: number;
  from: number;
  to: number;
  root: Hex;
  extents: Extent[];
}

/** How often a device reads, in seconds. As `IDeviceRegistry.Profile`. */
export interface Profile {
  interval: number;
  maxSilence: number;
  maxDelay: number;
}

export const MAX_READINGS = 65_536;
