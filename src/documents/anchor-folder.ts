import { join } from "node:path";
import type { Batch } from "../core/batch-tree.ts";
import { asHuangpuError, HuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import { requireIssuer, requireNamed } from "./anchor.ts";
import { BatchBuilder } from "./batch.ts";
import { documentsIn, jsonText, readWrapped, writeWhole } from "./document-file.ts";
import { documentKinds, type KindName } from "./kinds.ts";
import type { RegisteredDocuments } from "./registered-documents.ts";
import type { Registrar } from "./registrar.ts";
import { requireKind } from "./require-sound.ts";
import { requireIntact, type WrappedDocument } from "./wrapped-document.ts";

export interface FolderDependencies {
  registrar: Registrar;
  registered: RegisteredDocuments;
  /** Is told how far it is. */
  progress: (what: string, done: number, of: number) => void;
}

export interface AnchoredFolder {
  root: Hex;
  size: number;
  kind: KindName;
  /** Undefined when the batch was registered before. */
  transaction: Hex | undefined;
  /** Files that got their proof now; the others had it. */
  written: number;
}

/** Why a file cannot be part of the batch. */
export interface FileFault {
  file: string;
  code: string;
  message: string;
}

/**
 * Registers all documents of a folder (`*.json`, in the order of their names) as one batch with one transaction, and writes its
 * proof into each file. They are of one kind, and each names the account's entity as its issuer. While one file has a fault,
 * nothing is registered. After an interruption the same call goes on: the same files give the same root.
 * @throws HuangpuError FOLDER_FAULTY with the `faults` of all files; REGISTRY_…; RPC_…
 */
export async function anchorFolder(folder: string, dependencies: FolderDependencies): Promise<AnchoredFolder> {
  const { progress } = dependencies;
  const files = (await documentsIn(folder)).map((name) => join(folder, name));
  const reader = new FolderReader(dependencies);
  for (const [index, file] of files.entries()) {
    progress("reading", index, files.length);
    await reader.read(file);
  }
  progress("reading", files.length, files.length);
  const { batch, kind } = reader.finish();
  const transaction = await register(batch, documentKinds[kind].type, dependencies);

  let written = 0;
  for (const [index, file] of files.entries()) {
    progress("writing proofs", index, files.length);
    if (await writeProof(file, batch, index)) written++;
  }
  progress("writing proofs", files.length, files.length);
  return { root: batch.root, size: batch.size, kind, transaction, written };
}

async function register(batch: Batch, type: number, { registrar, registered }: FolderDependencies) {
  const { root, size } = batch;
  const former = await registered.batchOf(root, size);
  const isOwn = former?.issuer === registrar.account && former.documentType === type;
  if (isOwn && former.state === "active") return undefined;
  return (await registrar.call("anchorBatch", [root, size, type])).transactionHash;
}

/**
 * @returns Whether it was not there.
 * @throws HuangpuError BATCH_PROOF_MISMATCH when the file is another one by now than the batch was made of.
 */
async function writeProof(file: string, batch: Batch, index: number): Promise<boolean> {
  const document = await readWrapped(file);
  const proven = requireIntact({ ...document, batch: batch.proof(index) });
  if (document.batch !== undefined) return false;
  await writeWhole(file, jsonText(proven), { replace: true });
  return true;
}

/** Takes documents one by one, and remembers what is wrong with any of them. */
class FolderReader {
  readonly #dependencies: FolderDependencies;
  readonly #builder = new BatchBuilder();
  readonly #faults: FileFault[] = [];
  readonly #seen = new Map<Hex, string>();
  /** Batches that files say they are in already. */
  readonly #roots = new Map<string, Hex>();
  /** Of the first sound document, and the entity that issues such. */
  #issue: { kind: KindName; lei: string } | undefined;

  constructor(dependencies: FolderDependencies) {
    this.#dependencies = dependencies;
  }

  async read(file: string): Promise<void> {
    const document = await readWrapped(file).catch((error: unknown) => this.#blame(file, error));
    if (document === undefined) return;
    this.#issue ??= await this.#issuing(requireKind(document.kind));
    try {
      this.#take(file, document, this.#issue);
    } catch (error) {
      this.#blame(file, error);
    }
  }

  /** @throws HuangpuError FOLDER_FAULTY */
  finish(): { batch: Batch; kind: KindName } {
    if (this.#faults.length > 0 || this.#issue === undefined) throw folderFaulty(this.#faults);
    const batch = this.#builder.build();
    for (const [file, root] of this.#roots) {
      if (root === batch.root) continue;
      const fault = `It is in the batch ${root} already, and would be in another one now: move it elsewhere`;
      this.#blame(file, new HuangpuError("DOCUMENT_IN_BATCH", fault));
    }
    if (this.#faults.length > 0) throw folderFaulty(this.#faults);
    return { batch, kind: this.#issue.kind };
  }

  async #issuing(kind: KindName): Promise<{ kind: KindName; lei: string }> {
    const { registrar, registered } = this.#dependencies;
    return { kind, lei: await requireIssuer(registrar.account, documentKinds[kind].type, registered) };
  }

  #take(file: string, document: WrappedDocument, { kind, lei }: { kind: KindName; lei: string }): void {
    const { hash, batch } = document;
    if (document.kind !== kind) {
      throw new HuangpuError("DOCUMENT_KIND", `It is of the kind ${document.kind}, and the batch of the kind ${kind}`);
    }
    const same = this.#seen.get(hash);
    if (same !== undefined) throw new HuangpuError("DOCUMENT_IN_BATCH", `It is the same document as ${same}`);
    requireNamed(document, lei);
    this.#seen.set(hash, file);
    if (batch !== undefined) this.#roots.set(file, batch.root);
    this.#builder.add(hash);
  }

  #blame(file: string, error: unknown): undefined {
    const { code, message } = asHuangpuError(error);
    this.#faults.push({ file, code, message });
  }
}

function folderFaulty(faults: readonly FileFault[]): HuangpuError {
  const count = faults.length === 1 ? "One file has a fault" : `${faults.length} files have faults`;
  const lines = faults.map(({ file, code, message }) => `  ${file}: ${code}: ${message.replaceAll("\n", "\n  ")}`);
  return new HuangpuError("FOLDER_FAULTY", [`${count}, so nothing is registered:`, ...lines].join("\n"), {
    fields: { faults },
  });
}
