import { decodeRlp } from "ethers";
import type { Context } from "mocha";
import type { RpcBlock } from "../../../src/core/block-header.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { HEADER_FIELDS, HEADER_QUANTITIES } from "./header-fields.ts";
import { vectorOrSkip } from "./vectors.ts";

/** What is known of the header beside itself: see the README of the vectors. */
export const REAL_QBFT = {
  hash: "0x502568a07cc2303558ed8eea495d61255946a14c46be5ead61cdc737bdeaaf42",
  digest: "0x75ea184f58cd3f0ef89032a069df01f07ec524ef3a85cf6d3e424d62130c0a32",
  number: 7528,
  round: 1,
  validators: [
    "0x647bfdd19655e51e69d35454ff3a92f8828e6302",
    "0xa5c8416b9d13417b45b45ada76408f39d1e504ef",
    "0xb92e91f4dcc9d28503be521afa2a8fbf3c1acf60",
    "0xee3353e587cfa91625a1adaef308a726de3803d3",
  ],
} as const;

/** Block 7528 of a real Besu network, as JSON-RPC would give it: four validators, three seals, round 1. */
export function realQbftBlock(test: Context): RpcBlock & { hash: Hex } {
  const file = "besu-headers/qbft-4val-round1-block7528.json";
  const { headerRlpWithSeals } = vectorOrSkip<{ headerRlpWithSeals: Hex }>(test, file);
  const values = decodeRlp(headerRlpWithSeals) as Hex[];
  const entries = HEADER_FIELDS.map((name, index): [string, string] => {
    const value = values[index] ?? "0x";
    return [name, HEADER_QUANTITIES.has(name) ? `0x${BigInt(value === "0x" ? 0 : value).toString(16)}` : value];
  });
  return { ...Object.fromEntries(entries), hash: REAL_QBFT.hash };
}
