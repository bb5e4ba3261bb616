import type { Environment } from "../../config/load.ts";
import { asHuangpuError, type HuangpuError } from "../../core/errors.ts";
import { showable } from "../../core/showable.ts";
import type { DocumentChain } from "../../verification/document-chain.ts";
import type { Fragment, Verification } from "../../verification/fragment.ts";
import { fragment } from "../../verification/fragment.ts";
import type { Policy } from "../../verification/policy.ts";
import { type VerifyOptions, verify } from "../../verification/verify.ts";
import { readText } from "../document-file.ts";
import { kindRules } from "../kind-rules.ts";
import { requireKind } from "../require-sound.ts";
import { type ChainOptions, openRegistry } from "./open-registry.ts";
import type { Shown } from "./shown.ts";

export interface VerifyCommandOptions extends ChainOptions {
  /** Asks no chain. */
  offline?: true;
  kind?: string[];
  issuer?: string[];
  maxAge?: number;
}

/** Verifies files, each by itself: integrity, status, issuer and policy. */
export async function verifyFiles(
  files: readonly string[],
  options: VerifyCommandOptions,
  environment: Environment,
): Promise<Shown> {
  const registry = options.offline === true ? undefined : openRegistry(options, environment);
  try {
    const chain = await registry?.look().catch(unanswered);
    const policy = policyOf(options);
    const verified: (Verification & { file: string })[] = [];
    for (const file of files) {
      const asked = { kinds: kindRules, ...(chain === undefined ? {} : { chain }), policy };
      verified.push({ file, ...(await verifyFile(file, asked)) });
    }
    const fails = verified.some(({ valid }) => !valid);
    return { data: verified, text: verified.map((each) => describe(each.file, each)).join("\n"), fails };
  } finally {
    registry?.close();
  }
}

/** A verification as it reads on a terminal. */
export function describe(name: string, { valid, fragments, warnings }: Verification): string {
  const lines = fragments.map(describeFragment);
  const notes = warnings.map(({ code, message }) => `  warning    ${code}\n             ${message}`);
  return `${[`${showable(name)}: ${valid ? "VALID" : "NOT VALID"}`, ...lines, ...notes].join("\n")}\n`;
}

function describeFragment({ name, result, code, message }: Fragment): string {
  return `  ${name.padEnd(10)} ${result.padEnd(8)} ${code}\n             ${message.replaceAll("\n", "\n             ")}`;
}

/** A chain that did not let itself be asked, so that each document gets its fragments all the same. */
function unanswered(error: unknown): DocumentChain {
  const refuse = () => Promise.reject(error);
  return { statusOf: refuse, batchStatusOf: refuse, issuerOf: refuse };
}

/** What cannot be read is not intact. */
async function verifyFile(file: string, options: VerifyOptions): Promise<Verification> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    return notRead(asHuangpuError(error));
  }
  return await verify(text, options);
}

function notRead({ code, message }: HuangpuError): Verification {
  const others = (["status", "issuer", "policy"] as const).map((name) =>
    fragment(name, "SKIPPED", "NOT_READ", "The file was not read."),
  );
  return { valid: false, fragments: [fragment("integrity", "ERROR", code, `${message}.`), ...others], warnings: [] };
}

function policyOf({ kind, issuer, maxAge }: VerifyCommandOptions): Policy {
  return {
    ...(kind === undefined ? {} : { kinds: kind.map(requireKind) }),
    ...(issuer === undefined ? {} : { issuers: issuer }),
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  };
}
