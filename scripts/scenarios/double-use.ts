import { join } from "node:path";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import { parseAmount } from "../../src/core/amount.ts";
import { demoCustomers, documentTypes, entityOf } from "../local/entities.ts";
import { financeAs, type Played, type ScenarioContext, type ScenarioResult } from "./context.ts";
import { proveDocument } from "./evidence.ts";
import { issueDocument } from "./issue-document.ts";
import { Journey } from "./journey.ts";
import { DECIMALS, decimal, money } from "./money.ts";
import { noQuote, orderOf, type PlainPayment } from "./orders.ts";
import { refusalOf } from "./refusals.ts";
import { explainVerdict } from "./verdicts.ts";

const AMOUNT = parseAmount("5000", DECIMALS);

/** What came of the two presentations, as data. */
export interface DoubleUseResult extends ScenarioResult {
  document: string;
  amount: string;
  currency: string;
  first: { bank: string; paymentId: string };
  second: { bank: string; refusedWith: string; left: string; firstUser: string };
}

/**
 * One customs declaration is presented for two payments, through two banks that know nothing of each other. The first is
 * paid; the second is refused, and told who was first.
 */
export async function doubleUse(context: ScenarioContext): Promise<Played<DoubleUseResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();

  const reference = `DU-${Date.now().toString(36).toUpperCase()}`;
  const { hash } = issueDocument("customs-declaration", reference, join(context.directory, reference));
  const type = documentTypes.customsDeclaration;
  const parties = { debtor: "buyer", creditor: "seller", currency: "USD", amount: AMOUNT } as const;
  await proveDocument(context, journey, { hash, name: "customs declaration", type, issuer: "broker", ...parties });

  const payment = (payer: DevelopmentAccount, endToEndId: string): PlainPayment => ({
    payer,
    payee: "seller",
    currency: "USD",
    amount: AMOUNT,
    endToEndId,
    documents: [hash],
  });
  const paymentId = await pay(context, journey, payment("buyer", `${reference}-A`));
  const second = await presentAgain(context, payment("buyerElsewhere", `${reference}-B`));

  const { evidenceLedger } = financeAs(context, "buyer");
  const { drawn } = await evidenceLedger.evidence(hash);
  const result: DoubleUseResult = {
    scenario: "double-use",
    ok: drawn === AMOUNT && second.firstUser.length > 2 && paymentId.startsWith(second.firstUser),
    document: hash,
    amount: decimal(AMOUNT),
    currency: "USD",
    first: { bank: bankOf("buyer"), paymentId },
    second: { bank: bankOf("buyerElsewhere"), ...second },
  };
  return { result, report: report(result) };
}

async function pay(context: ScenarioContext, journey: Journey, payment: PlainPayment): Promise<string> {
  const { payments, coin } = financeAs(context, payment.payer);
  const order = await orderOf(context, payment);
  const paymentId = await payments.paymentIdOf(order.payer, order.endToEndId);
  await journey.act(
    "finance",
    `Importer lets ${bankOf(payment.payer)}'s payment take ${money(payment.currency, payment.amount)}`,
    coin(payment.currency).approve(context.deployment.finance.payments, payment.amount),
  );
  const text = `${bankOf(payment.payer)} presents it: exporter is paid ${money(payment.currency, payment.amount)}`;
  const paid = await journey.act(
    "finance",
    text,
    payments.pay(order, noQuote, "0x"),
    `payment ${paymentId.slice(0, 10)}…`,
  );
  context.timeline.note("finance", ...explainVerdict(paid, payment.currency));
  return paymentId;
}

/** The same declaration at another bank, where the importer has a second account. */
async function presentAgain(context: ScenarioContext, payment: PlainPayment) {
  const { payments } = financeAs(context, payment.payer);
  const order = await orderOf(context, payment);
  const refusal = await refusalOf(payments.pay.staticCall(order, noQuote, "0x"));
  const firstUser: string = refusal.name === "EvidenceLedger_Exhausted" ? refusal.args["firstUser"] : "0x";
  const left: bigint = refusal.name === "EvidenceLedger_Exhausted" ? refusal.args["left"] : 0n;
  context.timeline.add(
    "finance",
    `${bankOf(payment.payer)} presents it again: refused`,
    `${refusal.name}: ${money(payment.currency, left)} left of ${money(payment.currency, payment.amount)}`,
    `drawn first by payment ${firstUser.slice(0, 10)}…`,
  );
  return { refusedWith: refusal.name, left: decimal(left), firstUser };
}

function bankOf(customer: DevelopmentAccount): string {
  const bank = (demoCustomers as Partial<Record<DevelopmentAccount, DevelopmentAccount>>)[customer];
  return entityOf(bank ?? "operator").name;
}

function report({ first, second, document }: DoubleUseResult): string {
  const lines = [
    `One document, ${document.slice(0, 10)}…, two banks:`,
    `  ${first.bank} drew on it with payment ${first.paymentId.slice(0, 18)}…`,
    `  ${second.bank} was refused: ${second.refusedWith},`,
    `  which names its first user: ${second.firstUser.slice(0, 18)}…`,
    "Neither bank asked the other: the ledger is the consortium's.",
  ];
  return `\n${lines.join("\n")}\n`;
}
