import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { promisify } from "node:util";
import { expect } from "chai";
import { stringify } from "yaml";
import type { Draft } from "../support/besu/networks.ts";
import { QbftNetwork } from "../support/besu/qbft-network.ts";
import { scratchFolder } from "../support/fakes/scratch.ts";

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function besu(...args: string[]): Promise<Outcome> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["deploy/besu/main.ts", ...args]);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Outcome;
    return { code, stdout, stderr };
  }
}

describe("deploy/besu/main.ts", function () {
  this.timeout(180_000);
  const scratch = scratchFolder();

  it("generates what an operator copies to the hosts, and again nothing", async () => {
    const args = ["generate", "deploy/besu/network.example.yaml", "--out", scratch("out")];
    const first = await besu(...args);
    expect(first.code, first.stderr).to.equal(0);
    expect(readFileSync(scratch("out/RUNBOOK.md"), "utf8")).to.contain("# Runbook of example");
    expect((await besu(...args)).stdout).to.equal("Nothing has changed\n");
  });

  it("says what is wrong with a file in a line, with exit code 2", async () => {
    writeFileSync(scratch("network.yaml"), "network: 1\n");
    const { code, stderr } = await besu("generate", scratch("network.yaml"), "--out", scratch("out"));
    expect(code).to.equal(2);
    expect(stderr).to.match(/^CONFIG_INVALID: .*is not a network:\n✖ /);
    expect(stderr).not.to.contain("    at ");

    const example = "deploy/besu/network.example.yaml";
    for (const args of [
      ["generate", example, "--out", scratch("out"), "--deployment", scratch("network.yaml")],
      ["generate", example, "--out", scratch("out"), "--deployment", "package.json"],
      ["doctor", example, "--on", "bank-a-rpc", "--capture", scratch("network.yaml")],
      ["doctor", scratch("absent.yaml")],
      ["replay", scratch("network.yaml")],
    ]) {
      const refused = await besu(...args);
      expect([refused.code, refused.stderr.split(":")[0]], args.join(" ")).to.deep.equal([2, "CONFIG_INVALID"]);
      expect(refused.stderr).not.to.contain("    at ");
    }
  });

  it("looks at a live network, keeps what it saw, and checks that again", async () => {
    const slow = (draft: Draft) => {
      for (const chain of [draft.chains.trade, draft.chains.finance]) chain.emptyBlockPeriodSeconds = 600;
    };
    const live = await QbftNetwork.start({ headTime: Math.floor(Date.now() / 1_000), change: slow });
    try {
      writeFileSync(scratch("network.yaml"), stringify(live.network));
      const urls = live.endpoints.flatMap(({ node, url }) => ["--url", `${node.chain}/${node.host}=${url}`]);
      const args = ["doctor", scratch("network.yaml"), ...urls, "--blocks", "10", "--timeout", "60000"];
      const { code, stdout, stderr } = await besu(...args, "--capture", scratch("capture.json"), "--json");
      expect(code, stdout + stderr).to.equal(0);
      expect(JSON.parse(stdout)).to.have.length.above(90);
      expect((await besu("replay", scratch("capture.json"))).stdout).to.equal("20 headers and 2 proofs hold\n");

      live.odd("trade-rpc", "eth_gasPrice", () => "0x1");
      const sick = await besu(...args);
      expect(sick.code).to.equal(2);
      expect(sick.stdout).to.match(/^fail {2}trade +trade-rpc +gas price/m);
    } finally {
      await live.stop();
    }
  });

  it("never takes a wrong call for a warning", async () => {
    for (const args of [
      ["doctor"],
      ["doctor", "x", "--blocks", "0"],
      ["doctor", "x", "--url", "trade"],
      ["diagnose"],
    ]) {
      expect((await besu(...args)).code, args.join(" ")).to.equal(2);
    }
    expect((await besu("--help")).code).to.equal(0);
  });

  it("asks nobody's loopback but its own host's", async () => {
    const { code, stderr } = await besu(
      "doctor",
      "deploy/besu/network.example.yaml",
      "--timeout",
      "300",
      "--on",
      "nobody",
    );
    expect([code, stderr.trim()]).to.deep.equal([2, "CONFIG_INVALID: --on nobody: the network has no such host"]);
  });
});
