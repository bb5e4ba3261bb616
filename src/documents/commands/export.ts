/** Commands for documents of OpenAttestation version 2; they ask no chain. */
import { basename, join } from "node:path";
import { HuangpuError } from "../../core/errors.ts";
import type { Hex } from "../../core/hex.ts";
import { type JsonPath, parseJsonPath } from "../../core/json-path.ts";
import { type ExportOptions, exportDocuments, type StoreKind } from "../../open-attestation/export-document.ts";
import type { WrappedOpenAttestation } from "../../open-attestation/format.ts";
import { redactOpenAttestation } from "../../open-attestation/redact-open-attestation.ts";
import { verifyOpenAttestation } from "../../open-attestation/verify-open-attestation.ts";
import { jsonText, readNamed, writeFolder, writeWhole } from "../document-file.ts";
import type { Shown } from "./shown.ts";

export interface ExportCommandOptions {
  issuer: string;
  /** Whose DNS TXT record names the store. */
  domain: string;
  store: StoreKind;
  address: string;
  chain: string;
  chainId: number;
  /** Address of what draws the document. */
  template?: string;
  /** A file for one document, a folder that is not there yet for more. */
  out: string;
}

/** Wrapped documents as one batch of OpenAttestation; all of them are written, or none. */
export async function exportFiles(files: readonly string[], options: ExportCommandOptions): Promise<Shown> {
  const names = files.map((file) => basename(file));
  if (new Set(names).size < names.length)
    throw new HuangpuError("FILE_EXISTS", "Two of the files have the same name, which they cannot have in one folder");
  const documents = [];
  for (const file of files) documents.push(await readNamed(file));
  const exported = exportDocuments(documents, readOptions(options));
  if (exported.length === 1) await writeWhole(options.out, jsonText(exported[0]), { replace: false });
  else {
    await writeFolder(options.out, async (draft) => {
      for (const [index, name] of names.entries())
        await writeWhole(join(draft, name), jsonText(exported[index]), { replace: false });
    });
  }
  const root = exported[0]?.signature.merkleRoot ?? "";
  const data = { documents: exported.length, root: `0x${root}`, out: options.out };
  return { data, text: `${exported.length} exported under the root 0x${root}: ${options.out}\n` };
}

/** A document of OpenAttestation with some fields hidden. @throws HuangpuError OPEN_ATTESTATION_REFUSED when it is not valid. */
export function redactExported(document: WrappedOpenAttestation, hide: readonly string[]): WrappedOpenAttestation {
  const { valid, finding } = verifyOpenAttestation(document);
  if (!valid) throw new HuangpuError("OPEN_ATTESTATION_REFUSED", `The document is not valid: ${finding.message}`);
  return redactOpenAttestation(document, hide.map(parseJsonPath).map(dotted));
}

function dotted(path: JsonPath): string {
  return path.join(".");
}

function readOptions({
  issuer,
  domain,
  store,
  address,
  chain,
  chainId,
  template,
}: ExportCommandOptions): ExportOptions {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new HuangpuError("OPEN_ATTESTATION_REFUSED", `${address} is no address of a contract`);
  return {
    issuer: { name: issuer, domain, store: { kind: store, address: address as Hex } },
    network: { chain, chainId },
    ...(template === undefined ? {} : { template }),
  };
}
