import { SigningKey } from "ethers/crypto";
import { type Hex, keccakText, word } from "../../../src/core/hex.ts";

/**
 * A public key of which nobody has the private key: the point whose x is the first one not below the hash of its name.
 * Whoever forgets to replace it has a node that cannot start, rather than one that everybody can impersonate.
 */
export function exampleKey(chain: string, host: string): Hex {
  for (let x = BigInt(keccakText(`huangpu example ${chain} ${host}`)); ; x++) {
    try {
      return `0x${SigningKey.computePublicKey(`0x02${word(x).slice(2)}`, false).slice(4)}`;
    } catch {
      // No point has this x.
    }
  }
}

/** An address of which nobody has the key. */
export function exampleAccount(name: string): Hex {
  return `0x${keccakText(`huangpu example account ${name}`).slice(-40)}`;
}
