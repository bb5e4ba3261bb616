/** Commands that change what the document registry says. */
import { stat } from "node:fs/promises";
import type { Environment } from "../../config/load.ts";
import { asHuangpuError, HuangpuError } from "../../core/errors.ts";
import type { Hex } from "../../core/hex.ts";
import { anchorDocument, type Registry, supersedeDocument } from "../anchor.ts";
import { anchorFolder, type FolderDependencies } from "../anchor-folder.ts";
import { readNamed, readWrapped } from "../document-file.ts";
import { documentKinds } from "../kinds.ts";
import { requireKind } from "../require-sound.ts";
import type { WrappedDocument } from "../wrapped-document.ts";
import { type ChainOptions, openRegistry } from "./open-registry.ts";
import type { Shown } from "./shown.ts";

export interface AnchorOptions extends ChainOptions {
  trade?: string;
}

/** Registers a document, or all of a folder as one batch. */
export async function anchor(
  source: string,
  options: AnchorOptions,
  environment: Environment,
  progress: FolderDependencies["progress"],
): Promise<Shown> {
  const tradeId = options.trade === undefined ? undefined : requireTradeId(options.trade);
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    (cause: unknown) => {
      throw new HuangpuError("FILE_UNREADABLE", `${source} cannot be read: ${asHuangpuError(cause).message}`, {
        cause,
      });
    },
  );
  if (isFolder && tradeId !== undefined) {
    throw new HuangpuError("DOCUMENT_IN_BATCH", "A batch belongs to no trade: anchor the trade's documents one by one");
  }
  const document = isFolder ? undefined : await readWrapped(source);
  return await withRegistry(options, environment, async (registry) => {
    if (document === undefined) {
      const batch = await anchorFolder(source, { ...registry, progress });
      return { data: batch, text: describeBatch(batch) };
    }
    const { hash, kind } = document;
    const { type } = documentKinds[requireKind(kind)];
    const transaction = await anchorDocument(document, registry, tradeId);
    return { data: { hash, kind, type, transaction }, text: `Anchored ${kind} ${hash}\n` };
  });
}

/** Replaces a registered document by another one of its kind. */
export async function supersede(
  former: string,
  replacement: string,
  options: ChainOptions,
  environment: Environment,
): Promise<Shown> {
  const [old, next] = [await readNamed(former), await readNamed(replacement)];
  if (old.kind !== next.kind) {
    throw new HuangpuError("DOCUMENT_KIND", `A ${old.kind} is superseded by one of its kind, not by a ${next.kind}`);
  }
  if (old.batch !== undefined) {
    const fault = "A document of a batch is superseded by none: revoke it, and anchor the other one";
    throw new HuangpuError("DOCUMENT_IN_BATCH", fault);
  }
  return await withRegistry(options, environment, async (registry) => {
    const transaction = await supersedeDocument(old.hash, next, registry);
    const text = `Superseded ${old.hash}\nby         ${next.hash}\n`;
    return { data: { hash: old.hash, replacement: next.hash, transaction }, text };
  });
}

export interface RevokeOptions extends ChainOptions {
  /** Revokes the whole batch that the document is in. */
  batch?: true;
}

/** Declares that documents no longer stand: each where it is registered, by itself or in its batch. All are read before one is revoked. */
export async function revoke(
  files: readonly string[],
  options: RevokeOptions,
  environment: Environment,
): Promise<Shown> {
  const documents: WrappedDocument[] = [];
  for (const file of files) documents.push(await readNamed(file));
  const calls = options.batch === true ? batchRevocations(documents) : documents.map(revocation);
  return await withRegistry(options, environment, async ({ registrar }) => {
    const revoked: { what: string; transaction: Hex }[] = [];
    for (const { what, name, args } of calls) {
      revoked.push({ what, transaction: (await registrar.call(name, args)).transactionHash });
    }
    return { data: { revoked }, text: revoked.map(({ what }) => `Revoked ${what}\n`).join("") };
  });
}

interface Call {
  what: string;
  name: string;
  args: readonly unknown[];
}

function revocation({ hash, batch }: WrappedDocument): Call {
  if (batch === undefined) return { what: hash, name: "revoke", args: [hash] };
  const { root, index, path } = batch;
  return { what: `${hash} in the batch ${root}`, name: "revokeInBatch", args: [root, hash, index, path] };
}

function batchRevocations(documents: readonly WrappedDocument[]): Call[] {
  const roots = new Set(
    documents.map(({ hash, batch }) => {
      if (batch !== undefined) return batch.root;
      throw new HuangpuError("BATCH_PROOF_FORM", `The document ${hash} is in no batch`);
    }),
  );
  return [...roots].map((root) => ({ what: `the batch ${root}`, name: "revokeBatch", args: [root] }));
}

async function withRegistry(
  options: ChainOptions,
  environment: Environment,
  work: (registry: Registry) => Promise<Shown>,
): Promise<Shown> {
  const opened = openRegistry(options, environment);
  try {
    return await work({ registrar: await opened.registrar(), registered: await opened.look() });
  } finally {
    opened.close();
  }
}

function requireTradeId(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  throw new HuangpuError("CONFIG_INVALID", "A trade id is 32 bytes in hexadecimal, 0x first");
}

function describeBatch({ root, size, kind, transaction, written }: Awaited<ReturnType<typeof anchorFolder>>): string {
  const anchored = transaction === undefined ? "Was anchored before" : "Anchored";
  return `${anchored}: ${size} documents (${kind}) in the batch ${root}\nProofs written: ${written}\n`;
}
