import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Chain, type RpcReceipt } from "../../src/chains/chain.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { Hex } from "../../src/core/hex.ts";
import { parseJsonPath } from "../../src/core/json-path.ts";
import type { JsonObject } from "../../src/core/strict-json.ts";
import { anchorFolder } from "../../src/documents/anchor-folder.ts";
import { jsonText, readWrapped } from "../../src/documents/document-file.ts";
import { kindRules } from "../../src/documents/kind-rules.ts";
import { present } from "../../src/documents/presentation.ts";
import { RegisteredDocuments } from "../../src/documents/registered-documents.ts";
import { Registrar } from "../../src/documents/registrar.ts";
import { applySetting, exampleOf } from "../../src/documents/template.ts";
import { validateDocument } from "../../src/documents/validate.ts";
import { wrap } from "../../src/documents/wrapped-document.ts";
import type { Verification } from "../../src/verification/fragment.ts";
import { verify } from "../../src/verification/verify.ts";
import type { Played, ScenarioContext, ScenarioResult } from "./context.ts";
import { documentsReport } from "./documents-report.ts";

const NO_TRADE: Hex = `0x${"00".repeat(32)}`;
const INVOICE = 380;
const BATCH_SIZE = 64;
const REVOKED = 17;
const GWEI = 1_000_000_000n;

/** What became of a document, as a verifier sees it. */
export interface Sight {
  what: string;
  valid: boolean;
  /** Codes of integrity, status, issuer and policy. */
  codes: string[];
}

/** What verifiers saw, as data. */
export interface DocumentsResult extends ScenarioResult {
  document: Hex;
  fields: number;
  shownOfRedacted: number;
  /** Of the first, faulty draft. */
  fault: { path: string; message: string };
  sights: Sight[];
  batch: { root: Hex; size: number };
  gas: { anchor: string; supersede: string; revoke: string; anchorBatch: string; revokeInBatch: string };
}

/**
 * An invoice from its template to its revocation: a faulty draft is refused, the sound one wrapped, anchored and verified; a part of
 * it is shown and the rest hidden; an altered copy is found out; a corrected invoice supersedes it, and is revoked in the end. Then 64
 * packing lists are anchored with one transaction, and one of them is revoked.
 */
export async function documents(context: ScenarioContext): Promise<Played<DocumentsResult>> {
  const { timeline } = context;
  timeline.heading();
  const desk = new Desk(context, "seller");
  try {
    const reference = `DOC-${Date.now().toString(36).toUpperCase()}`;
    const { fault, first, corrected } = draftInvoices(desk, reference);
    const anchored = await desk.act("Exporter anchors the invoice", "anchor", [first.hash, INVOICE, NO_TRADE]);
    const genuine = await desk.look("the invoice", first);

    const redacted = present(first, ["payeeAccount", "lines", "totals", "charges", "allowances"].map(parseJsonPath));
    const part = await desk.look(`${redacted.shown.length} fields of it, prices and bank account hidden`, redacted);
    const altered = { ...first, data: { ...first.data, currency: "EUR" } };
    const forged = await desk.look("a copy in another currency", altered);

    const superseding = await desk.act("Exporter supersedes it: two wrenches more", "supersede", [
      first.hash,
      corrected.hash,
    ]);
    const former = await desk.look("the first invoice", first);
    const current = await desk.look("the corrected one", corrected);
    const revoking = await desk.act("Exporter revokes the corrected one, too", "revoke", [corrected.hash]);
    const revoked = await desk.look("the corrected one", corrected);

    const { sights, batch, gas } = await revokeOneOfMany(desk, join(context.directory, reference));
    const seen = [genuine, part, forged, former, current, revoked, ...sights];
    const result: DocumentsResult = {
      scenario: "documents",
      ok: seen.map(({ valid }) => valid).join() === "true,true,false,false,true,false,false,true",
      document: first.hash,
      fields: redacted.fields,
      shownOfRedacted: redacted.shown.length,
      fault,
      sights: seen,
      batch,
      gas: { anchor: gasOf(anchored), supersede: gasOf(superseding), revoke: gasOf(revoking), ...gas },
    };
    return { result, report: documentsReport(result) };
  } finally {
    desk.close();
  }
}

/** A draft with a fault, which is not wrapped; an invoice; and the same, corrected. */
function draftInvoices(desk: Desk, reference: string) {
  const draft = invoice(reference, "seller.lei=8945HPUEXPORTER00000");
  const [fault] = validateDocument("commercial-invoice", draft);
  if (fault === undefined) throw new Error("The draft should have a fault");
  desk.say("Exporter drafts an invoice: refused", `${fault.path} ${fault.message}`);
  const first = wrap(invoice(reference), "commercial-invoice");
  desk.say(
    "and mends it: sound, and wrapped",
    `${first.salts.length} fields, each with a salt of its own`,
    short(first.hash),
  );
  const changes = ["lines[0].quantity.value=122", "lines[0].netAmount=3812.50", "totals.linesAmount=4862.50"];
  const corrected = invoice(reference, ...changes, "totals.payableAmount=5062.50");
  return { fault, first, corrected: wrap(corrected, "commercial-invoice") };
}

async function revokeOneOfMany(desk: Desk, directory: string) {
  mkdirSync(directory, { recursive: true });
  for (let number = 0; number < BATCH_SIZE; number++) {
    const data = exampleOf("packing-list");
    applySetting(data, `packingListNumber=PL-${number}`);
    const file = join(directory, `${String(number).padStart(3, "0")}.json`);
    writeFileSync(file, jsonText(wrap(data, "packing-list")));
  }
  const { batch, receipt } = await desk.anchorFolder(directory);
  const file = (number: number) => join(directory, `${String(number).padStart(3, "0")}.json`);
  const withdrawn = await readWrapped(file(REVOKED));
  const { root, index, path } = withdrawn.batch ?? { root: batch.root, index: 0, path: [] };
  const text = `Exporter revokes list ${REVOKED} of the batch`;
  const revoking = await desk.act(text, "revokeInBatch", [root, withdrawn.hash, index, path]);
  const sights = [
    await desk.look(`list ${REVOKED}`, readFileSync(file(REVOKED), "utf8")),
    await desk.look(`list ${REVOKED + 1}`, readFileSync(file(REVOKED + 1), "utf8")),
  ];
  return { sights, batch, gas: { anchorBatch: gasOf(receipt), revokeInBatch: gasOf(revoking) } };
}

/** Where documents are registered for one account, and looked at by others. */
class Desk {
  readonly #context: ScenarioContext;
  readonly #chain: Chain;
  readonly #registrar: Registrar;

  constructor(context: ScenarioContext, account: DevelopmentAccount) {
    const { deployment, trade } = context;
    this.#context = context;
    const { url } = trade._getConnection();
    this.#chain = new Chain({ name: "trade", chainId: deployment.trade.chainId, rpcUrls: [url], timeoutMs: 10_000 });
    const fees = { priorityFee: GWEI, ceiling: 500n * GWEI, bumpPercent: 0 };
    const options = { registry: this.#registry, fees, pollMs: 50, receiptTimeoutMs: 60_000 };
    this.#registrar = new Registrar(options, this.#chain, developmentWallet(account));
  }

  say(text: string, ...details: string[]): void {
    this.#context.timeline.add("trade", text, ...details);
  }

  async act(text: string, name: string, args: readonly unknown[]): Promise<RpcReceipt> {
    const receipt = await this.#context.timeline.waiting(text, this.#registrar.call(name, args));
    this.say(text, describe(receipt));
    return receipt;
  }

  async anchorFolder(folder: string): Promise<{ batch: { root: Hex; size: number }; receipt: RpcReceipt }> {
    const text = `Exporter anchors ${BATCH_SIZE} packing lists at once`;
    const registered = await this.#registered();
    const dependencies = { registrar: this.#registrar, registered, progress: () => undefined };
    const { root, size, transaction } = await this.#context.timeline.waiting(text, anchorFolder(folder, dependencies));
    const receipt = transaction === undefined ? null : await this.#chain.receipt(transaction);
    if (receipt === null) throw new Error("The batch has no transaction");
    this.say(text, `batch ${short(root)}`, describe(receipt));
    return { batch: { root, size }, receipt };
  }

  /** What a verifier who trusts nobody but the chain is told. */
  async look(what: string, document: unknown): Promise<Sight> {
    const seen: Verification = await verify(document, { chain: await this.#registered(), kinds: kindRules });
    const { valid, fragments } = seen;
    const worst = fragments.find(({ result }) => result === "INVALID" || result === "ERROR");
    const verdict = valid ? "valid" : `not valid, ${worst?.code ?? ""}`;
    this.say(`Verifier looks at ${what}: ${verdict}`, ...(worst === undefined ? [] : [shortened(worst.message)]));
    return { what, valid, codes: fragments.map(({ code }) => code) };
  }

  close(): void {
    this.#chain.close();
  }

  async #registered(): Promise<RegisteredDocuments> {
    const participants = this.#context.deployment.trade.participants as Hex;
    return await RegisteredDocuments.at(this.#chain, { registry: this.#registry, participants });
  }

  get #registry(): Hex {
    return this.#context.deployment.trade.documentRegistry as Hex;
  }
}

function invoice(reference: string, ...changes: string[]): JsonObject {
  const data = exampleOf("commercial-invoice");
  for (const change of [`invoiceNumber=${reference}`, ...changes]) applySetting(data, change);
  return data;
}

function describe({ blockNumber, gasUsed }: RpcReceipt): string {
  return `block ${Number(blockNumber)}, gas ${Number(gasUsed).toLocaleString("en-US")}`;
}

function gasOf({ gasUsed }: RpcReceipt): string {
  return BigInt(gasUsed).toString();
}

function shortened(message: string): string {
  return message.replaceAll(/0x[0-9a-f]{64}/g, (hash) => short(hash as Hex));
}

function short(hash: Hex): string {
  return `${hash.slice(0, 10)}…`;
}
