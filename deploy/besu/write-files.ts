import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { HuangpuError } from "../../src/core/errors.ts";
import type { Files } from "./generate.ts";

/** The list of what was generated, in the form of `sha256sum`. By it, a folder's files are told from others'. */
export const SUMS = "SHA256SUMS";

export interface WriteOutcome {
  written: string[];
  removed: string[];
}

/**
 * Makes a folder hold exactly these files and a list of their hashes: all of them or, when anything fails, what was there
 * before.
 * @throws HuangpuError CONFIG_INVALID when the folder has files that were not generated, or, without `force`, when files
 * would change or go.
 */
export function writeFiles(folder: string, generated: Files, force: boolean): WriteOutcome {
  const target = resolve(folder);
  const files = new Map([...generated, [SUMS, sums(generated)]]);
  if (existsSync(target) && !statSync(target).isDirectory()) refuse(target, [""], "is no folder");
  const found = existsSync(target) ? listFiles(target) : [];
  const known = new Set([...files.keys(), ...formerFiles(target)]);
  refuse(
    target,
    found.filter((path) => !known.has(path)),
    "has files that were not generated; choose another folder",
  );

  const removed = found.filter((path) => !files.has(path));
  const written = [...files.keys()].filter((path) => !found.includes(path) || read(target, path) !== files.get(path));
  const changed = written.filter((path) => found.includes(path) && path !== SUMS);
  if (!force) {
    refuse(target, [...changed, ...removed], "would change; compare, and repeat with --force");
  }
  if (written.length + removed.length > 0) replace(target, files);
  return { written, removed };
}

function refuse(target: string, paths: readonly string[], reason: string): void {
  if (paths.length === 0) return;
  throw new HuangpuError("CONFIG_INVALID", `${target} ${reason}:\n${paths.map((path) => `  ${path}`).join("\n")}`, {
    fields: { paths },
  });
}

/** Writes beside the folder and exchanges the two: what is there is never half of anything. */
function replace(target: string, files: Files): void {
  const staged = `${target}.new-${process.pid}`;
  const former = `${target}.old-${process.pid}`;
  rmSync(staged, { recursive: true, force: true });
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(staged, path)), { recursive: true });
      writeFileSync(join(staged, path), content, { flag: "wx" });
    }
    if (existsSync(target)) renameSync(target, former);
    try {
      renameSync(staged, target);
    } catch (error) {
      if (existsSync(former)) renameSync(former, target);
      throw error;
    }
    rmSync(former, { recursive: true, force: true });
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function sums(files: Files): string {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => `${createHash("sha256").update(content).digest("hex")}  ${path}\n`)
    .join("");
}

function formerFiles(target: string): string[] {
  const file = join(target, SUMS);
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.slice(66));
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

function read(target: string, path: string): string {
  return readFileSync(join(target, path), "utf8");
}
