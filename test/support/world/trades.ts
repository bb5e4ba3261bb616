import { join } from "node:path";
import { encodeBytes32String, Signature } from "ethers";
import { coinAt } from "../../../deploy/deployment.ts";
import { currencyCode } from "../../../deploy/modules/finance-chain.ts";
import { documentTypes, leiOf } from "../../../scripts/local/entities.ts";
import { type DocumentName, issueDocument } from "../../../scripts/scenarios/issue-document.ts";
import { developmentWallet } from "../../../src/config/development.ts";
import type { IDocumentRegistry } from "../../../types/ethers-contracts/contracts/trade/documents/DocumentRegistry.ts";
import type { ITradeBook } from "../../../types/ethers-contracts/contracts/trade/sales/TradeBook.ts";
import { mined } from "./actor.ts";
import { eventuallyTrue } from "./eventually.ts";
import type { Stage } from "./stage.ts";

/** USD 5,000, in the coin's smallest unit. */
export const AMOUNT = 5_000_000_000n;
export const DAY = 24 * 3600;

export const TradeState = {
  Proposed: 1n,
  Agreed: 3n,
  Disputed: 4n,
  Completed: 5n,
  Expired: 6n,
  Cancelled: 7n,
} as const;
export const MilestoneState = { Pending: 0n, Reached: 1n, Paid: 2n, InSuspense: 3n } as const;
export const EscrowState = { Unknown: 0n, Open: 1n, Funded: 2n, Owing: 3n, Closed: 4n } as const;

export interface Trade {
  id: string;
  reference: string;
  amount: bigint;
}

export interface TradeOptions {
  amount?: bigint;
  /** Seconds from now. */
  lifetime?: number;
  /** Of the first milestone, in basis points; the rest is the second's. */
  firstShare?: number;
}

/** Who issues which document; the same accounts that the demo's entities act with. */
const issuers = {
  "commercial-invoice": { account: "seller", type: documentTypes.commercialInvoice },
  "bill-of-lading": { account: "carrier", type: documentTypes.billOfLading },
  "customs-declaration": { account: "broker", type: documentTypes.customsDeclaration },
} as const satisfies Record<DocumentName, unknown>;

let references = 0;

/** Two milestones: shipment, on invoice and bill of lading, and delivery, on the customs declaration. */
export function termsOf(
  stage: Stage,
  now: number,
  reference: string,
  options: TradeOptions = {},
): ITradeBook.TermsStruct {
  const { amount = AMOUNT, lifetime = 30 * DAY, firstShare = 3_000 } = options;
  const requirement = (name: DocumentName) => ({
    documentType: issuers[name].type,
    issuer: developmentWallet(issuers[name].account).address,
  });
  return {
    buyer: developmentWallet("buyer").address,
    currency: encodeBytes32String("USD").slice(0, 8),
    coin: coinAt(stage.deployment, "USD"),
    amount,
    expiry: now + lifetime,
    purchaseReference: encodeBytes32String(reference),
    milestones: [
      { share: firstShare, requirements: [requirement("commercial-invoice"), requirement("bill-of-lading")] },
      { share: 10_000 - firstShare, requirements: [requirement("customs-declaration")] },
    ],
    titles: [],
  };
}

/** The seller proposes; nobody has accepted yet. */
export async function propose(stage: Stage, options: TradeOptions = {}): Promise<Trade> {
  const reference = `PO-${++references}`;
  const now = (await stage.trade.provider.getBlock("latest"))?.timestamp ?? 0;
  const terms = termsOf(stage, now, reference, options);
  const seller = stage.as("seller");
  const id = await seller.trade.tradeBook.tradeIdOf(seller.address, terms);
  await mined(seller.trade.tradeBook.propose(terms));
  return { id, reference, amount: options.amount ?? AMOUNT };
}

/** Proposed and accepted by the buyer; the escrow opens when the relayer has carried it. */
export async function agree(stage: Stage, options: TradeOptions = {}): Promise<Trade> {
  const trade = await propose(stage, options);
  await mined(stage.as("buyer").trade.tradeBook.accept(trade.id));
  return trade;
}

/** Agreed and arrived on the finance chain. */
export async function agreeAndOpen(stage: Stage, options: TradeOptions = {}): Promise<Trade> {
  const trade = await agree(stage, options);
  await opened(stage, trade);
  return trade;
}

/** Agreed, and the buyer's money is there. */
export async function agreeAndFund(stage: Stage, options: TradeOptions = {}): Promise<Trade> {
  const trade = await agreeAndOpen(stage, options);
  await fund(stage, trade);
  return trade;
}

export async function opened(stage: Stage, trade: Trade): Promise<void> {
  const { settlement } = stage.as("stranger").finance;
  await eventuallyTrue(
    "the escrow to open",
    async () => (await settlement.escrow(trade.id)).state === EscrowState.Open,
  );
}

/** The buyer pays in with a permit, in one transaction. */
export async function fund(stage: Stage, trade: Trade, amount = trade.amount): Promise<void> {
  const { address, wallet, finance } = stage.as("buyer");
  const { chainId, settlement } = stage.deployment.finance;
  const deadline = ((await stage.finance.provider.getBlock("latest"))?.timestamp ?? 0) + DAY;
  const domain = {
    name: await finance.coin("USD").name(),
    version: "1",
    chainId,
    verifyingContract: coinAt(stage.deployment, "USD"),
  };
  const types = {
    Permit: [
      { name: "owner", type: "address" },
      { name: "spender", type: "address" },
      { name: "value", type: "uint256" },
      { name: "nonce", type: "uint256" },
      { name: "deadline", type: "uint256" },
    ],
  };
  const nonce = await finance.coin("USD").nonces(address);
  const permit = Signature.from(
    await wallet.signTypedData(domain, types, { owner: address, spender: settlement, value: amount, nonce, deadline }),
  );
  await mined(finance.settlement.fundWithPermit(trade.id, amount, deadline, permit.v, permit.r, permit.s));
}

/** The issuer writes the document, hashes its file and anchors the hash, with what the document is worth if it says so. */
export async function anchor(stage: Stage, trade: Trade, name: DocumentName): Promise<string> {
  const { hash } = issueDocument(name, trade.reference, join(stage.directory, trade.reference));
  const { account, type } = issuers[name];
  const { documentRegistry } = stage.as(account).trade;
  if (name === "bill-of-lading") await mined(documentRegistry.anchor(hash, type, trade.id));
  else await mined(documentRegistry.anchorValued(hash, type, trade.id, worth(trade.amount)));
  return hash;
}

/** What the seller's and the broker's documents say: that the buyer owes the seller this much. */
export function worth(amount: bigint): IDocumentRegistry.ValueStruct {
  return { currency: currencyCode("USD"), creditor: leiOf("seller"), debtor: leiOf("buyer"), amount };
}

/** Hash of an amended version of a document, written but not registered. */
export function amend(stage: Stage, trade: Trade, name: DocumentName): string {
  return issueDocument(name, `${trade.reference}-amended`, join(stage.directory, trade.reference, "amended")).hash;
}

/** Hands in what the first milestone waits for. */
export async function ship(stage: Stage, trade: Trade): Promise<void> {
  await anchor(stage, trade, "commercial-invoice");
  await anchor(stage, trade, "bill-of-lading");
}

/** Hands in what the second milestone waits for. */
export async function clear(stage: Stage, trade: Trade): Promise<void> {
  await anchor(stage, trade, "customs-declaration");
}

/** What both chains know of a trade. */
export async function look(stage: Stage, trade: Trade) {
  const { trade: onTrade, finance: onFinance } = stage.as("stranger");
  const status = await onTrade.tradeBook.statusOf(trade.id);
  const escrow = await onFinance.settlement.escrow(trade.id);
  return {
    state: status.state,
    funded: status.funded,
    paid: status.paid,
    refunded: status.refunded,
    milestones: [...status.milestones],
    escrow: escrow.state,
    released: escrow.released,
  };
}
