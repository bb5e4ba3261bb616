import process from "node:process";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Environment } from "../../config/load.ts";
import type { StoreKind } from "../../open-attestation/export-document.ts";
import { jsonText } from "../document-file.ts";
import { kindNames } from "../kinds.ts";
import { exportFiles } from "./export.ts";
import { create, redact, validate, wrapFiles } from "./make.ts";
import { ProgressBar } from "./progress-bar.ts";
import { anchor, revoke, supersede } from "./register.ts";
import type { Shown } from "./shown.ts";
import { verifyFiles } from "./verify.ts";

const STORES: readonly StoreKind[] = ["documentStore", "tokenRegistry", "certificateStore"];

/** `huangpu document …`: makes, verifies and registers trade documents. Exit code 0 only when all is as it should be. */
export function addDocumentCommands(program: Command, environment: Environment): void {
  const document = program.command("document").description("Makes, verifies and registers trade documents");
  addMakers(document);

  document
    .command("verify <files...>")
    .description("answer in fragments whether documents are genuine, stand, and are of whom they name")
    .addOption(configOption())
    .option("--offline", "ask no chain: integrity and schema alone")
    .option("--kind <kinds...>", "take documents of these kinds only")
    .option("--issuer <leis...>", "take documents of these legal entities only")
    .option("--max-age <seconds>", "take documents only so long after their registration", wholeNumber)
    .option("--json", "as data")
    .action((files: string[], options) => answer(options, verifyFiles(files, options, environment)));
  document
    .command("anchor <file-or-folder>")
    .description("register a wrapped document, or all of a folder as one batch with one transaction")
    .addOption(configOption())
    .addOption(accountOption())
    .option("--trade <id>", "the trade that it belongs to")
    .option("--json", "as data")
    .action((source: string, options) => answer(options, anchor(source, options, environment, progress())));
  document
    .command("supersede <file> <replacement>")
    .description("replace a registered document by another one of its kind")
    .addOption(configOption())
    .addOption(accountOption())
    .option("--json", "as data")
    .action((file: string, other: string, options) => answer(options, supersede(file, other, options, environment)));
  document
    .command("revoke <files...>")
    .description("declare that registered documents no longer stand, each by itself or in its batch")
    .addOption(configOption())
    .addOption(accountOption())
    .option("--batch", "revoke the whole batch that a document is in")
    .option("--json", "as data")
    .action((files: string[], options) => answer(options, revoke(files, options, environment)));
}

function addMakers(document: Command): void {
  document
    .command("create <kind>")
    .description(`a document from a template; kinds: ${kindNames.join(", ")}`)
    .option("--from <file>", "a template of your own in the place of the kind's example")
    .option(
      "--set <path=value...>",
      "members to set, such as buyer.name=Elbe; nothing behind = takes one out",
      collect,
      [],
    )
    .option("--out <file>", "where to write it; otherwise to the terminal")
    .action((kind: string, options) => answer(options, create(kind, options)));
  document
    .command("validate <file>")
    .description("every fault of a document, with its path")
    .addOption(kindOption())
    .option("--json", "as data")
    .action((file: string, options) => answer(options, validate(file, options)));
  document
    .command("wrap <file-or-folder>")
    .description("salt and hash a document, or all of a folder into another one")
    .addOption(kindOption())
    .option("--out <file-or-folder>", "where to write it; otherwise to the terminal")
    .action((source: string, options) => answer(options, wrapFiles(source, options)));
  document
    .command("redact <file>")
    .description("hide fields of a wrapped document, or more of one that hides some already")
    .requiredOption("--hide <paths...>", "fields, or objects and lists with all that is in them", collect)
    .option("--out <file>", "where to write it; otherwise to the terminal")
    .action((file: string, options) => answer(options, redact(file, options)));
  document
    .command("export <files...>")
    .description("wrapped documents as one batch of OpenAttestation version 2")
    .requiredOption("--issuer <name>", "who issues them there")
    .requiredOption("--domain <name>", "whose DNS TXT record names the store")
    .addOption(new Option("--store <kind>", "what the root is issued by").choices(STORES).makeOptionMandatory())
    .requiredOption("--address <address>", "of that contract")
    .requiredOption("--chain <name>", "on which it is, as OpenAttestation calls it")
    .requiredOption("--chain-id <number>", "of that chain", wholeNumber)
    .option("--template <url>", "what draws the documents")
    .requiredOption("--out <file-or-folder>", "where to write one, or a folder for more")
    .option("--json", "as data")
    .action((files: string[], options) => answer(options, exportFiles(files, options)));
}

async function answer({ json }: { json?: true }, shown: Promise<Shown>): Promise<void> {
  const { data, text, fails } = await shown;
  process.stdout.write(json === true ? jsonText(data) : text);
  if (fails === true) process.exitCode = 1;
}

function progress(): (what: string, done: number, of: number) => void {
  const bar = new ProgressBar({
    write: (text) => process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    width: process.stderr.columns ?? 80,
    now: () => performance.now(),
  });
  return (what, done, of) => bar.show(what, done, of);
}

function configOption(): Option {
  return new Option("--config <file>", "configuration, JSON; otherwise that of the local network");
}

function accountOption(): Option {
  return new Option("--as <account>", "an account of the public development mnemonic, on local chains");
}

function kindOption(): Option {
  return new Option("--kind <kind>", "kind of document").choices(kindNames).makeOptionMandatory();
}

function collect(value: string, former: string[] = []): string[] {
  return [...former, value];
}

function wholeNumber(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number.");
}
