import { concat, type Hex, keccak256, keccakText, word } from "../core/hex.ts";
import { buildMessage, parseMessage } from "../iso20022/business-message.ts";
import type { CustomerCreditTransfer } from "../iso20022/messages/documents.ts";
import type { Currency } from "../iso20022/parts.ts";
import { uetrOf } from "../iso20022/uetr.ts";

/** Where payments are made: the contract that ids are derived for. */
export interface PaymentsContract {
  chainId: number;
  address: Hex;
}

/** A customer, its account on the chain and the bank that serves it. */
export interface CrossBorderParty {
  account: Hex;
  lei: string;
  name?: string;
  bankLei: string;
}

/** What the payer's bank tells the payee's, beside the payment. */
export interface CrossBorderPayment {
  payer: CrossBorderParty;
  payee: CrossBorderParty;
  /** What the payee gets: ISO 4217, and millionths, whole hundredths only. */
  currency: string;
  amount: bigint;
  /** The payer's own, at most 32 characters; on the chain as bytes32, padded with zeros. */
  endToEndId: string;
  /** With an offset; the same each time the message is made. */
  createdAt: string;
  remittance?: string[];
}

const CENT = 10_000n;

/**
 * The pacs.008 of a payment, and its hash, which the payer puts into the order (`Order.message`) before it pays.
 * @throws RangeError when the amount has parts of a cent or the end-to-end id is too long, HuangpuError ISO_VALUE
 */
export function crossBorderMessage(at: PaymentsContract, payment: CrossBorderPayment): { message: string; hash: Hex } {
  const { payer, payee, currency, amount, endToEndId, createdAt, remittance = [] } = payment;
  if (amount % CENT !== 0n) throw new RangeError("A message has whole cents, and the amount has not");
  const paymentId = paymentIdOf(at, payer.account, endToEndIdBytes(endToEndId));
  const document: CustomerCreditTransfer = {
    type: "CustomerCreditTransfer",
    id: messageIdOf(paymentId),
    createdAt,
    endToEndId,
    uetr: uetrOf(paymentId),
    amount: { currency: currency as Currency, cents: amount / CENT },
    charges: "SHAR",
    debtor: partyOf(payer),
    debtorAccount: { id: accountText(payer.account) },
    debtorAgent: { lei: payer.bankLei },
    creditorAgent: { lei: payee.bankLei },
    creditor: partyOf(payee),
    creditorAccount: { id: accountText(payee.account) },
    remittance,
  };
  const message = buildMessage({ from: { lei: payer.bankLei }, to: { lei: payee.bankLei }, document });
  return { message, hash: keccakText(message) };
}

/** What the chain says of a payment: `PaymentMade`, with LEIs from the participants and the members. */
export interface PaymentOnChain {
  paymentId: Hex;
  payer: Omit<CrossBorderParty, "name">;
  payee: Omit<CrossBorderParty, "name">;
  currency: string;
  amount: bigint;
  /** `PaymentMade.message`. */
  message: Hex;
}

/**
 * What in a message is not as the chain has it; nothing, when the message is the payment's. The hash alone decides whether it is
 * the one that the payer meant; the rest says whether what the payer meant is what it paid.
 * @throws HuangpuError ISO_… when it is no pacs.008.
 */
export function checkCrossBorderMessage(at: PaymentsContract, text: string, payment: PaymentOnChain): string[] {
  const { from, to, document } = parseMessage(text);
  if (document.type !== "CustomerCreditTransfer") return ["kind"];
  const { payer, payee } = payment;
  const { amount } = document;
  const same = {
    hash: keccakText(text) === payment.message,
    uetr: document.uetr === uetrOf(payment.paymentId),
    messageId: document.id === messageIdOf(payment.paymentId),
    endToEndId: idOf(at, payer.account, document.endToEndId) === payment.paymentId,
    currency: amount.currency === payment.currency,
    amount: amount.cents * CENT === payment.amount,
    from: from.lei === payer.bankLei,
    to: to.lei === payee.bankLei,
    debtorAgent: document.debtorAgent.lei === payer.bankLei,
    creditorAgent: document.creditorAgent.lei === payee.bankLei,
    debtor: document.debtor.lei === payer.lei,
    creditor: document.creditor.lei === payee.lei,
    debtorAccount: document.debtorAccount?.id === accountText(payer.account),
    creditorAccount: document.creditorAccount?.id === accountText(payee.account),
  };
  return Object.entries(same).flatMap(([field, holds]) => (holds ? [] : [field]));
}

/** As `Payments.paymentIdOf`. */
export function paymentIdOf({ chainId, address }: PaymentsContract, payer: Hex, endToEndId: Hex): Hex {
  return keccak256(concat(word(BigInt(chainId)), word(lower(address)), word(lower(payer)), endToEndId));
}

/** @throws RangeError when it does not fit into 32 bytes of ASCII. */
export function endToEndIdBytes(endToEndId: string): Hex {
  if (!/^[\x20-\x7e]{1,32}$/.test(endToEndId)) throw new RangeError("An end-to-end id has 1 to 32 characters of ASCII");
  const digits = [...endToEndId].map((letter) => letter.charCodeAt(0).toString(16).padStart(2, "0")).join("");
  return `0x${digits.padEnd(64, "0")}`;
}

/** An address in base 32 (RFC 4648): 32 characters, where a message has room for 34. */
export function accountText(address: Hex): string {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let value = BigInt(address);
  let text = "";
  for (let digit = 0; digit < 32; digit++) {
    text = `${ALPHABET[Number(value & 31n)]}${text}`;
    value >>= 5n;
  }
  return text;
}

function idOf(at: PaymentsContract, payer: Hex, endToEndId: string): Hex | undefined {
  return endToEndId.length > 32 ? undefined : paymentIdOf(at, payer, endToEndIdBytes(endToEndId));
}

function messageIdOf(paymentId: Hex): string {
  return `HPX${paymentId.slice(2, 34)}`;
}

function partyOf({ lei, name }: CrossBorderParty) {
  return name === undefined ? { lei } : { lei, name };
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex;
}
