import { hexlify, type JsonRpcSigner, toUtf8Bytes } from "ethers";
import { type LocalChain, startLocalChain } from "../../../scripts/local/chains.ts";
import { completeLei } from "../../../src/core/codes/lei.ts";
import type { Hex } from "../../../src/core/hex.ts";
import type { TitleRegistry } from "../../../types/ethers-contracts/contracts/trade/titles/TitleRegistry.ts";
import { AccessManager__factory } from "../../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { Participants__factory } from "../../../types/ethers-contracts/factories/contracts/access/Participants__factory.ts";
import { ClaimRegistry__factory } from "../../../types/ethers-contracts/factories/contracts/trade/claims/ClaimRegistry__factory.ts";
import { DocumentRegistry__factory } from "../../../types/ethers-contracts/factories/contracts/trade/documents/DocumentRegistry__factory.ts";
import { TitleRegistry__factory } from "../../../types/ethers-contracts/factories/contracts/trade/titles/TitleRegistry__factory.ts";

const BILL_OF_LADING = 705;
const FAR = 4_000_000_000;

export const titleParties = ["carrier", "seller", "buyer", "bank"] as const;
export type TitleParty = (typeof titleParties)[number];

/** A chain with a registry of titles, as it is deployed; every party takes titles from every other. */
export interface TitleStage {
  chain: LocalChain;
  address: Hex;
  account: (party: TitleParty) => Hex;
  as: (party: TitleParty) => TitleRegistry;
  /** As who holds every role, and is a product. */
  officer: TitleRegistry;
}

export async function startTitleStage(): Promise<TitleStage> {
  const chain = await startLocalChain("trade", 0);
  const officer = await chain.provider.getSigner(0);
  const signers = await Promise.all(titleParties.map((_, at) => chain.provider.getSigner(at + 1)));
  const manager = await new AccessManager__factory(officer).deploy(officer);
  const participants = await new Participants__factory(officer).deploy(manager);
  const documents = await new DocumentRegistry__factory(officer).deploy(manager, participants);
  const claims = await new ClaimRegistry__factory(officer).deploy(manager, participants);
  const titles = await new TitleRegistry__factory(officer).deploy(manager, participants, documents, claims);
  await (await claims.setProduct(titles, true)).wait();
  await (await titles.setProduct(officer, true)).wait();
  for (const [at, signer] of signers.entries()) {
    const lei = hexlify(toUtf8Bytes(completeLei(`8945HPUTITLES0000${at}`)));
    await (await participants.admit(lei, hexlify(toUtf8Bytes("CN")))).wait();
    await (await participants.linkAccount(signer, lei)).wait();
  }
  const signerOf = (party: TitleParty): JsonRpcSigner => signers[titleParties.indexOf(party)] as JsonRpcSigner;
  await (await documents.setAccreditation(signerOf("carrier"), BILL_OF_LADING, true)).wait();
  for (const recipient of signers) {
    for (const sender of signers) await (await titles.connect(recipient).setStandingAcceptance(sender, FAR)).wait();
  }
  return {
    chain,
    address: (await titles.getAddress()).toLowerCase() as Hex,
    account: (party) => signerOf(party).address.toLowerCase() as Hex,
    as: (party) => titles.connect(signerOf(party)),
    officer: titles,
  };
}
