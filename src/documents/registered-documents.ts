import type { Interface } from "ethers/abi";
import { loadAbi } from "../chains/abis.ts";
import type { Chain } from "../chains/chain.ts";
import { pinned } from "../chains/pinned-chain.ts";
import type { BatchProof } from "../core/batch-tree.ts";
import { HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { DocumentChain, DocumentIssuer, RegisteredDocument } from "../verification/document-chain.ts";

export const documentRegistryAbi = loadAbi("trade/documents/DocumentRegistry");
export const participantsAbi = loadAbi("access/IParticipants");

/** `IDocumentRegistry.Status` from Active on. */
const STATES = ["active", "superseded", "revoked"] as const;
const ACTIVE = 1n;

export interface RegistryAddresses {
  /** The DocumentRegistry. */
  registry: Hex;
  participants: Hex;
}

interface Registration {
  issuer: string;
  anchoredAt: bigint;
  documentType: bigint;
  status: bigint;
}

/**
 * What the document registry says, all of it at one block. Whoever asks trusts the endpoints of its configuration: where there are
 * several, they must agree.
 */
export class RegisteredDocuments implements DocumentChain {
  readonly #chain: Chain;
  readonly #addresses: RegistryAddresses;
  readonly #block: number;

  private constructor(chain: Chain, addresses: RegistryAddresses, block: number) {
    this.#chain = chain;
    this.#addresses = addresses;
    this.#block = block;
  }

  /** @throws HuangpuError RPC_… when the chain does not answer, or is another one. */
  static async at(chain: Chain, addresses: RegistryAddresses, confirmations = 0): Promise<RegisteredDocuments> {
    await chain.assertChainId();
    const view = pinned(chain);
    const head = await view.blockNumber();
    return new RegisteredDocuments(view, addresses, Math.max(0, head - confirmations));
  }

  async statusOf(hash: Hex): Promise<RegisteredDocument | undefined> {
    const [registration] = await this.#ask<[Registration]>("document", [hash]);
    const document = readRegistration(registration);
    if (document?.state !== "superseded") return document;
    const [replacement] = await this.#ask<[Hex]>("replacementOf", [hash]);
    return { ...document, replacement };
  }

  /** A registered batch as a whole; undefined when none with this root and size was. */
  async batchOf(root: Hex, size: number): Promise<RegisteredDocument | undefined> {
    const [registration] = await this.#ask<[Registration & { size: bigint }]>("batch", [root]);
    return Number(registration.size) === size ? readRegistration(registration) : undefined;
  }

  async batchStatusOf(hash: Hex, { root, size }: BatchProof): Promise<RegisteredDocument | undefined> {
    const document = await this.batchOf(root, size);
    if (document === undefined) return undefined;
    const [revoked] = await this.#ask<[boolean]>("isRevokedInBatch", [root, hash]);
    return revoked ? { ...document, state: "revoked" } : document;
  }

  async issuerOf(account: Hex, documentType: number): Promise<DocumentIssuer | undefined> {
    const { participants } = this.#addresses;
    const [lei, , status] = await this.#view<[Hex, Hex, bigint]>(participants, participantsAbi, "standingOf", [
      account,
    ]);
    if (BigInt(lei) === 0n) return undefined;
    const [accredited] = await this.#ask<[boolean]>("isAccredited", [account, documentType]);
    return { lei: Buffer.from(lei.slice(2), "hex").toString("latin1"), active: status === ACTIVE, accredited };
  }

  async #ask<T>(name: string, args: readonly unknown[]): Promise<T> {
    return await this.#view<T>(this.#addresses.registry, documentRegistryAbi, name, args);
  }

  async #view<T>(to: Hex, abi: Interface, name: string, args: readonly unknown[]): Promise<T> {
    const answer = await this.#chain.call(to, abi.encodeFunctionData(name, args) as Hex, this.#block);
    try {
      return abi.decodeFunctionResult(name, answer) as unknown as T;
    } catch (cause) {
      const fault = `What the ${this.#chain.name} node has at ${to} does not answer ${name}: is it the right contract?`;
      throw new HuangpuError("RPC_INCONSISTENT", fault, { fields: { contract: to, name, answer }, cause });
    }
  }
}

function readRegistration({ issuer, anchoredAt, documentType, status }: Registration): RegisteredDocument | undefined {
  const state = STATES[Number(status) - 1];
  if (state === undefined) return undefined;
  return {
    state,
    issuer: issuer.toLowerCase() as Hex,
    documentType: Number(documentType),
    anchoredAt: Number(anchoredAt),
  };
}
