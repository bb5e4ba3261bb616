/**
 * Brings a fresh clone to the point where every other script works: dependencies, Node 24, compiled contracts.
 * Runs before each entry script on whatever Node the host has, so it uses built-ins only. Silent when nothing is to do.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const node = join("node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const probe = 'require("@nomicfoundation/edr"); process.exit(parseInt(process.versions.node) >= 22 ? 0 : 1)';
const works = () => spawnSync(node, ["-e", probe], { stdio: "ignore" }).status === 0;

/** The stamp is removed before the work and written after it, so an interrupted run is repeated. */
function keepCurrent(stamp, fingerprint, message, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === fingerprint) return;
  rmSync(stamp, { force: true });
  console.log(message);
  work();
  writeFileSync(stamp, fingerprint);
}

function run(hint, command, args, options) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", ...options });
  if (status === 0) return stdout.trim();
  console.error([stdout, stderr, error?.message].filter((text) => text?.trim()).join("\n"));
  console.error(`\n${hint}`);
  process.exit(1);
}

function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function install() {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const hint =
    "The installation failed. It needs the npm registry and about 600 MB of disk; check both and run the same command " +
    'again.\nIf npm is configured with "ignore-scripts", turn that off: the Node binary comes from an install script.';
  // npm leaves out native packages that its own Node is too old for, so npm itself runs on the Node that we pin.
  run(hint, `npm exec --yes --package=node@${devDependencies.node} -c "npm ci"`, [], {
    shell: true,
    env: { ...process.env, npm_config_loglevel: "error" },
  });
  if (!works()) {
    console.error(`The installation is complete, but Node or EDR does not run on ${process.platform}-${process.arch}.`);
    process.exit(1);
  }
}

function compile() {
  const hardhat = join("node_modules", "hardhat", "dist", "src", "cli.js");
  const warnings = run("The contracts do not compile.", node, [hardhat, "build", "--no-tests", "--quiet"]);
  if (warnings) console.log(warnings);
}

const lock = `${process.platform}-${process.arch} ${fingerprint(["package-lock.json"])}`;
const installed = join("node_modules", ".setup");
if (!works()) rmSync(installed, { force: true });
keepCurrent(installed, lock, "Installing dependencies (once, about a minute) ...", install);

const sources = ["contracts", join("bench", "contracts")]
  .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)))
  .filter((file) => file.endsWith(".sol"))
  .sort();
const compiled = join("artifacts", ".setup");
if (!existsSync(join("types", "ethers-contracts"))) rmSync(compiled, { force: true });
keepCurrent(
  compiled,
  fingerprint([...sources, "hardhat.config.ts", "package-lock.json"]),
  "Compiling the contracts (once after each change, about half a minute) ...",
  compile,
);
