import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const ROOT = join(import.meta.dirname, "..", "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const HARDHAT = ["node_modules/hardhat/dist/src/cli.js"];

/** What the README tells to paste into the console of a chain. */
function consoleExample(network: string): string {
  const example = new RegExp(`npx hardhat console --network ${network}\\n\`\`\`\\n+\`\`\`js\\n([^\`]+)\`\`\``).exec(
    README,
  )?.[1];
  if (example === undefined) throw new Error(`The README has no example for the ${network} console`);
  return example;
}

describe("the README, followed to the letter", function () {
  this.timeout(120_000);
  const home = mkdtempSync(join(tmpdir(), "huangpu-readme-"));
  const env = { ...process.env, HUANGPU_HOME: home };
  let node: ChildProcess;

  const run = async (
    args: readonly string[],
    input = "",
    cwd = ROOT,
  ): Promise<{ code: number | null; output: string }> => {
    const child = spawn(process.execPath, args, { cwd, env });
    let output = "";
    child.stdout.on("data", (text) => (output += text));
    child.stderr.on("data", (text) => (output += text));
    child.stdin.end(input);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, output };
  };
  const hardhat = (...args: string[]) => run([...HARDHAT, ...args]);
  const huangpu = (...args: string[]) => run(["src/main.ts", ...args]);
  const documents = () => join(home, "documents", readdirSync(join(home, "documents")).at(-1) ?? "");

  before(async () => {
    node = spawn(
      process.execPath,
      ["scripts/node.ts", "--trade-port", "0", "--finance-port", "0", "--block-time", "0"],
      {
        cwd: ROOT,
        env,
      },
    );
    await new Promise<void>((resolve, reject) => {
      let output = "";
      node.stdout?.on("data", (text) => {
        output += text;
        if (output.includes("In another terminal:")) resolve();
      });
      node.on("close", () => reject(new Error(`The node ended: ${output}`)));
    });
  });

  after(async () => {
    const ended = new Promise<number | null>((resolve) => node.on("close", resolve));
    node.kill("SIGINT");
    expect(await ended).to.equal(0);
    rmSync(home, { recursive: true });
  });

  it("plays the scenario as often as one likes", async () => {
    for (let round = 0; round < 2; round++) {
      const { code, output } = await run(["scripts/scenario.ts", "cross-border"]);
      expect(code, output).to.equal(0);
      expect(output).to.include("USD 5,000.00 across the border");
    }
  });

  it("has the trade chain's example work when pasted", async () => {
    const { output } = await run([...HARDHAT, "console", "--network", "trade"], consoleExample("trade"));
    expect(output).to.match(/paid: 5000000000n/);
  });

  it("has the finance chain's example work when pasted", async () => {
    const { output } = await run([...HARDHAT, "console", "--network", "finance"], consoleExample("finance"));
    expect(output).to.include("'10000.0'");
  });

  it("verifies an anchored file and refuses an altered one", async () => {
    const file = join(documents(), "bill-of-lading.json");
    const genuine = await huangpu("document", "verify", file);
    expect(genuine.code, genuine.output).to.equal(0);
    expect(genuine.output)
      .to.match(/status +VALID +ACTIVE/)
      .and.to.match(/issuer +VALID +ISSUER_CONFIRMED/);
    const altered = join(home, "altered.json");
    writeFileSync(altered, readFileSync(file, "utf8").replace('"ISSUED"', '"DRAFT"'));
    const other = await huangpu("document", "verify", altered);
    expect(other.code).to.equal(1);
    expect(other.output).to.match(/integrity +INVALID +DOCUMENT_HASH_MISMATCH/);
  });

  it("shows a document's trade on both chains, and refuses to anchor it twice", async () => {
    const file = join(documents(), "bill-of-lading.json");
    const { output } = await hardhat("trade", file);
    expect(output)
      .to.match(/trade chain +completed.*paid 5,000\.00/)
      .and.to.match(/finance chain +escrow closed, amount 5,000\.00/);
    const tradeId = /trade +(0x[0-9a-f]{64})/.exec(output)?.[1] ?? "";
    expect((await hardhat("trade", tradeId)).output).to.equal(output);
    const again = await huangpu("document", "anchor", file, "--as", "carrier");
    expect(again.code).to.equal(1);
    expect(again.output).to.include("REGISTRY_ALREADY_ANCHORED");
  });

  it("has the commands of docs/documents.md work, one after the other", async () => {
    const commands = /```sh\n(document create [^`]+)```/.exec(
      readFileSync(join(ROOT, "docs", "documents.md"), "utf8"),
    )?.[1];
    const lines = commands?.trim().split("\n") ?? [];
    expect(lines).to.have.length(10);
    for (const line of lines) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
      const { code, output } = await run([join(ROOT, "src", "main.ts"), ...words], "", home);
      expect(code, `${line}\n${output}`).to.equal(0);
    }
  });
});
