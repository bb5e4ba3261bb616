import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { type Hex, toBytes, toHex } from "../core/hex.ts";

/** A point of P-256. */
export interface PublicKey {
  x: Hex;
  y: Hex;
}

/** ECDSA over P-256 and SHA-256, 32 bytes each; `s` in the lower half of the order, as the registry takes it. */
export interface Signature {
  r: Hex;
  s: Hex;
}

/** What a secure element does: its private key never leaves it. */
export interface DeviceKey {
  readonly publicKey: PublicKey;
  /** Signs SHA-256 of the message. */
  sign(message: Uint8Array): Signature;
}

const CURVE = "prime256v1";
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** A key in memory: for simulated devices, and for those without a secure element. @throws when it is not between 1 and the order. */
export function softwareKey(secret: Uint8Array): DeviceKey {
  const curve = createECDH(CURVE);
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const publicKey = { x: toHex(point.subarray(1, 33)), y: toHex(point.subarray(33)) };
  const jwk = { ...jwkOf(publicKey), d: Buffer.from(curve.getPrivateKey()).toString("base64url") };
  const key = createPrivateKey({ key: jwk, format: "jwk" });
  return { publicKey, sign: (message) => signWith(key, message) };
}

/** Whether the key signed the message. A high `s` is refused, as the registry refuses it. */
export function isSignedBy(publicKey: PublicKey, message: Uint8Array, { r, s }: Signature): boolean {
  if (BigInt(s) > ORDER / 2n) return false;
  try {
    const key = createPublicKey({ key: jwkOf(publicKey), format: "jwk" });
    return verify("sha256", message, { key, dsaEncoding: "ieee-p1363" }, toBytes(`0x${r.slice(2)}${s.slice(2)}`));
  } catch {
    return false; // not a point of the curve
  }
}

function signWith(key: KeyObject, message: Uint8Array): Signature {
  const bytes = sign("sha256", message, { key, dsaEncoding: "ieee-p1363" });
  const s = BigInt(toHex(bytes.subarray(32)));
  const low = s > ORDER / 2n ? ORDER - s : s;
  return { r: toHex(bytes.subarray(0, 32)), s: `0x${low.toString(16).padStart(64, "0")}` };
}

function jwkOf({ x, y }: PublicKey) {
  const part = (hex: Hex) => Buffer.from(toBytes(hex)).toString("base64url");
  return { kty: "EC", crv: "P-256", x: part(x), y: part(y) };
}
