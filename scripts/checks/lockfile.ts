/** Fails unless package-lock.json installs the same versions on every platform, from whichever registry npm is set to. */
import { readFileSync } from "node:fs";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const platforms = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "win32-x64"];
const native = ["@nomicfoundation/edr", "@nomicfoundation/solidity-analyzer", "@biomejs/biome"];

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Readonly<
  Record<"dependencies" | "devDependencies", Readonly<Record<string, string>>>
>;
const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
const problems: string[] = [];

for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`package.json: ${name} is not pinned: ${version}`);
  const locked = packages[`node_modules/${name}`]?.version;
  if (locked !== version) problems.push(`package.json: ${name} is ${version}, and ${locked} in the lock`);
}

for (const [path, { resolved, integrity, optionalDependencies = {} }] of Object.entries(packages)) {
  if (path === "") continue;
  if (resolved !== undefined) problems.push(`${path}: names a host, ${resolved}`);
  if (integrity === undefined) problems.push(`${path}: has no integrity hash`);
  for (const name of Object.keys(optionalDependencies)) {
    const nested = `${path}/node_modules/${name}`;
    if (!(nested in packages) && !(`node_modules/${name}` in packages)) problems.push(`${path}: lacks its ${name}`);
  }
}

for (const name of native) {
  const published = Object.keys(packages[`node_modules/${name}`]?.optionalDependencies ?? {});
  for (const platform of platforms) {
    if (!published.some((other) => other.includes(platform))) problems.push(`${name}: has no package for ${platform}`);
  }
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error('\nRemove it and node_modules, then run: npm exec --package=node@24 -c "npm install"');
  process.exitCode = 1;
}
