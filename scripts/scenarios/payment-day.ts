import { MaxUint256 } from "ethers";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { documentTypes, leiOf } from "../local/entities.ts";
import { type DemoCurrency, demoCurrencies } from "../local/onboarding/coins.ts";
import { mined } from "../local/onboarding/staff.ts";
import { QuickSigner } from "../local/quick-signer.ts";
import { type ScenarioContext, until } from "./context.ts";
import { hashOf } from "./evidence.ts";
import { noQuote, orderOf } from "./orders.ts";

export const payers = ["customer1", "customer2", "customer3", "customer4", "customer5", "customer6"] as const;
export type Payer = (typeof payers)[number];

/** A standing business: the payer buys from the payee, on one invoice that many payments are drawn on. */
export interface Account {
  payer: Payer;
  payee: Payer;
  currency: DemoCurrency;
  invoice: Hex;
}

export interface DayPayment extends Account {
  amount: bigint;
  endToEndId: string;
}

const NO_TRADE = `0x${"00".repeat(32)}`;
/** What every invoice is worth, in millionths. */
const WORTH = 1_000_000_000_000n;
/** Of a payment; many share a block. */
const GAS_LIMIT = 700_000n;
const LEAST = 100_000_000;
const SPAN = 4_900_000_000;

/** Everybody buys from the three next ones: in dollars from two, in yuan from one. The payees anchor the invoices. */
export async function openAccounts(context: ScenarioContext, reference: string): Promise<Account[]> {
  const accounts = payers.flatMap((payer, index) =>
    (["USD", "USD", "CNY"] as const).map((currency, ahead) => {
      const payee = payers[(index + ahead + 1) % payers.length] ?? payer;
      return { payer, payee, currency, invoice: hashOf(`invoice ${reference} ${payer} ${payee} ${currency}`) };
    }),
  );
  await Promise.all(
    payers.map(async (payee) => {
      const signer = await QuickSigner.open(payee, context.trade, GAS_LIMIT);
      const { documentRegistry } = tradeContracts(context.deployment.trade, signer);
      const own = accounts.filter((account) => account.payee === payee);
      await mined(
        ...own.map(({ payer, currency, invoice }) => {
          const value = { creditor: leiOf(payee), debtor: leiOf(payer), amount: WORTH };
          const worth = { currency: currencyCode(currency), ...value };
          return documentRegistry.anchorValued(invoice, documentTypes.commercialInvoice, NO_TRADE, worth);
        }),
      );
    }),
  );
  const { evidenceLedger } = financeContracts(context.deployment.finance, context.finance);
  await until("the evidence ledger to have every invoice", async () => {
    const entries = await Promise.all(accounts.map(({ invoice }) => evidenceLedger.evidence(invoice)));
    return entries.every(({ amount }) => amount === WORTH) ? true : undefined;
  });
  return accounts;
}

/** Everybody lets `Payments` take its coins. */
export async function allowPayments({ deployment, finance }: ScenarioContext): Promise<void> {
  await Promise.all(
    payers.map(async (payer) => {
      const signer = await QuickSigner.open(payer, finance, GAS_LIMIT);
      const { coin } = financeContracts(deployment.finance, signer);
      await mined(...demoCurrencies.map((each) => coin(each).approve(deployment.finance.payments, MaxUint256)));
    }),
  );
}

/** So many payments in turn over the accounts, each of another amount, down to a millionth. The same every day. */
export function drawPayments(accounts: readonly Account[], count: number, name: string): DayPayment[] {
  return Array.from({ length: count }, (_, index) => {
    const account = accounts[index % accounts.length];
    if (account === undefined) throw new RangeError("Nobody buys from anybody");
    const endToEndId = `${name}-${index + 1}`;
    const draw = Number(BigInt(hashOf(`amount ${name.slice(-2)} ${index}`)) % BigInt(SPAN));
    return { ...account, amount: BigInt(LEAST + draw), endToEndId };
  });
}

/** All payers at once hand in their payments, each its own in order. @throws Error when one of them fails. */
export async function payAll(context: ScenarioContext, payments: readonly DayPayment[]): Promise<void> {
  await Promise.all(
    [...new Set(payments.map(({ payer }) => payer))].map(async (payer: DevelopmentAccount) => {
      const signer = await QuickSigner.open(payer, context.finance, GAS_LIMIT);
      const contracts = financeContracts(context.deployment.finance, signer);
      const own = payments.filter((payment) => payment.payer === payer);
      const orders = await Promise.all(
        own.map(async ({ invoice, ...payment }) => await orderOf(context, { ...payment, documents: [invoice] })),
      );
      await mined(...orders.map((order) => contracts.payments.pay(order, noQuote, "0x")));
    }),
  );
}
