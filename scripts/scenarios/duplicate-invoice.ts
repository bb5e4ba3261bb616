import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeBytes32String, ZeroHash } from "ethers";
import type { ClaimFields } from "../../src/claims/claim-kinds.ts";
import { claimKinds } from "../../src/claims/claim-kinds.ts";
import { invoiceFields } from "../../src/claims/document-fields.ts";
import type { Fingerprints } from "../../src/claims/fingerprint.ts";
import { type CommercialInvoice, commercialInvoice } from "../../src/documents/kinds/commercial-invoice.ts";
import { wrap } from "../../src/documents/wrapped-document.ts";
import { documentTypes, entityOf } from "../local/entities.ts";
import { currentFingerprints, type NamedClaim, namedClaim } from "./claims.ts";
import { type Played, type ScenarioContext, type ScenarioResult, tradeAs } from "./context.ts";
import { Journey } from "./journey.ts";
import { refusalOf } from "./refusals.ts";

const KIND = claimKinds.invoice.code;
const FIRST_BANK = "bank1";
const SECOND_BANK = "bank3";
const EXAMPLE = new URL("../../schemas/examples/commercial-invoice.json", import.meta.url);

/** What became of one invoice at two banks, as data. */
export interface DuplicateInvoiceResult extends ScenarioResult {
  invoice: string;
  /** Under which the exporter registered it, twice: the salts differ. */
  documents: [string, string];
  fingerprint: string;
  first: NamedClaim;
  second: { refusedWith: string; typed: string } & NamedClaim;
  altered: { number: string; nearDuplicates: number; of: NamedClaim };
  after: NamedClaim;
}

/**
 * One invoice is financed at one bank, and brought to another one, spelled otherwise: refused, with the first one's reference. With
 * another number, the second bank is warned. Once the first one is repaid, the second may have it.
 */
export async function duplicateInvoice(context: ScenarioContext): Promise<Played<DuplicateInvoiceResult>> {
  const { timeline } = context;
  const journey = new Journey(timeline, { trade: context.trade, finance: context.finance });
  timeline.heading();

  const number = `PPI-INV-${Date.now().toString(36).toUpperCase()}`;
  const invoice = issue(number, join(context.directory, number));
  const documents = [await anchor(context, journey, invoice), await anchor(context, journey, invoice)] as const;

  const thing = await currentFingerprints(context, "invoice", invoiceFields(invoice));
  await claim(context, journey, FIRST_BANK, thing, `BUND/${number}`);
  timeline.note("trade", `invoice ${number}`, `fingerprint ${thing.exact.slice(0, 10)}…`);

  const typed = respelt(invoice);
  const second = await presentAgain(context, await currentFingerprints(context, "invoice", typed));
  const altered = await presentAltered(context, journey, invoice);

  await journey.act(
    "trade",
    `${nameOf(FIRST_BANK)} is repaid, and releases its claim`,
    release(context, FIRST_BANK, thing),
  );
  await claim(context, journey, SECOND_BANK, thing, `MERL/${number}`);
  const after = namedClaim(await tradeAs(context, "operator").claimRegistry.claimOn(thing.exact));

  const result: DuplicateInvoiceResult = {
    scenario: "duplicate-invoice",
    ok: second.bank === nameOf(FIRST_BANK) && altered.nearDuplicates === 1 && after.bank === nameOf(SECOND_BANK),
    invoice: number,
    documents: [...documents],
    fingerprint: thing.exact,
    first: { bank: nameOf(FIRST_BANK), reference: `BUND/${number}` },
    second: { ...second, typed: typed.number },
    altered,
    after,
  };
  return { result, report: report(result) };
}

/** The exporter's invoice: the example with a number of its own. */
function issue(invoiceNumber: string, directory: string): CommercialInvoice {
  const invoice = { ...commercialInvoice.parse(JSON.parse(readFileSync(EXAMPLE, "utf8"))), invoiceNumber };
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "commercial-invoice.json"), `${JSON.stringify(invoice, null, 2)}\n`);
  return invoice;
}

/** Each time it is wrapped, it has other salts, so that its hash tells nobody that it is the same. */
async function anchor(context: ScenarioContext, journey: Journey, invoice: CommercialInvoice): Promise<string> {
  const { hash } = wrap(invoice, "commercial-invoice");
  await journey.act(
    "trade",
    `${entityOf("seller").name} anchors its invoice ${hash.slice(0, 10)}…`,
    tradeAs(context, "seller").documentRegistry.anchor(hash, documentTypes.commercialInvoice, ZeroHash),
  );
  return hash;
}

type Bank = typeof FIRST_BANK | typeof SECOND_BANK;

async function claim(context: ScenarioContext, journey: Journey, bank: Bank, thing: Fingerprints, reference: string) {
  const { claimRegistry } = tradeAs(context, bank);
  const text = `${nameOf(bank)} claims the invoice, and finances it`;
  await journey.act("trade", text, claimRegistry.register(KIND, thing, encodeBytes32String(reference)), reference);
}

async function release(context: ScenarioContext, bank: Bank, { exact }: Fingerprints) {
  return await tradeAs(context, bank).claimRegistry.release(exact);
}

/** The same invoice at another bank, as its clerk types it. */
async function presentAgain(context: ScenarioContext, thing: Fingerprints) {
  const { claimRegistry } = tradeAs(context, SECOND_BANK);
  const refusal = await refusalOf(claimRegistry.register.staticCall(KIND, thing, encodeBytes32String("MERL")));
  const first =
    refusal.name === "ClaimRegistry_AlreadyClaimed"
      ? namedClaim({ claimant: refusal.args["claimant"], claimReference: refusal.args["claimReference"] })
      : { bank: "", reference: "" };
  context.timeline.add(
    "trade",
    `${nameOf(SECOND_BANK)} is offered it, spelled otherwise: refused`,
    refusal.name,
    `claimed by ${first.bank}: ${first.reference}`,
  );
  return { refusedWith: refusal.name, ...first };
}

/** With another number it is another invoice; but the second bank is told what it resembles, and thinks better of it. */
async function presentAltered(context: ScenarioContext, journey: Journey, invoice: CommercialInvoice) {
  const { claimRegistry } = tradeAs(context, SECOND_BANK);
  const number = `${invoice.invoiceNumber}-A`;
  const thing = await currentFingerprints(context, "invoice", { ...invoiceFields(invoice), number });
  const before = await claimRegistry.nearOf(thing.near, 0, 64);
  const resembled = before.page.map(({ claim }) => namedClaim(claim));
  const receipt = await journey.act(
    "trade",
    `${nameOf(SECOND_BANK)} claims it under another number: warned`,
    claimRegistry.register(KIND, thing, encodeBytes32String(`MERL/${number}`)),
  );
  const warnings = receipt.logs.filter((log) => claimRegistry.interface.parseLog(log)?.name === "NearDuplicateFound");
  const [of] = resembled;
  if (of === undefined) throw new Error("Nothing resembles the altered invoice");
  context.timeline.note("trade", "same parties, amount and day as", `${of.bank}: ${of.reference}`);
  await journey.act(
    "trade",
    `${nameOf(SECOND_BANK)} asks, declines, and releases`,
    release(context, SECOND_BANK, thing),
  );
  return { number, nearDuplicates: warnings.length === 1 ? resembled.length : 0, of };
}

function respelt(invoice: CommercialInvoice): ClaimFields<"invoice"> {
  const [year = "", month = "", day = ""] = invoice.issueDate.split("-");
  return {
    ...invoiceFields(invoice),
    number: invoice.invoiceNumber.toLowerCase().replaceAll("-", " / "),
    issued: `${day}.${month}.${year}`,
    amount: invoice.totals.payableAmount.replace(".", ",").replaceAll(/\B(?=(\d{3})+,)/g, "."),
  };
}

function nameOf(bank: Bank): string {
  return entityOf(bank).name;
}

function report({ invoice, documents, first, second, altered, after }: DuplicateInvoiceResult): string {
  const lines = [
    `One invoice, ${invoice}, two hashes: ${documents.map((hash) => `${hash.slice(0, 10)}…`).join(" and ")}.`,
    `  ${first.bank} claimed it as ${first.reference}.`,
    `  ${nameOf(SECOND_BANK)} typed "${second.typed}":`,
    `  refused, for ${second.bank} has it as ${second.reference}.`,
    `  Under the number ${altered.number}, ${nameOf(SECOND_BANK)} was warned`,
    `  of ${altered.nearDuplicates} claim with the same parties, amount and day.`,
    `  Repaid and released, it went to ${after.bank} as ${after.reference}.`,
    "Nobody showed anybody the invoice: the registry knows keyed hashes alone.",
  ];
  return `\n${lines.join("\n")}\n`;
}
