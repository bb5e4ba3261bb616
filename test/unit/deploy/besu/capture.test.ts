import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type Capture, captureOf, replay } from "../../../../deploy/besu/doctor/capture.ts";
import { diagnose } from "../../../../deploy/besu/doctor/doctor.ts";
import { HEAD_TIME, QbftNetwork } from "../../../support/besu/qbft-network.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const CAPTURES = fileURLToPath(new URL("../../../vectors/besu", import.meta.url));

async function captured(live: QbftNetwork): Promise<Capture> {
  const { network, endpoints } = live;
  const options = { network, endpoints, timeoutMs: 10_000, lookBack: 5, now: () => HEAD_TIME };
  return captureOf(network, (await diagnose(options)).facts, new Date(HEAD_TIME * 1_000));
}

describe("replay", function () {
  this.timeout(120_000);
  let live: QbftNetwork;
  let capture: Capture;
  const changed = (change: (draft: Capture) => void): string => {
    const draft = structuredClone(capture);
    change(draft);
    return JSON.stringify(draft);
  };

  before(async () => {
    live = await QbftNetwork.start();
    capture = await captured(live);
  });
  after(async () => await live.stop());

  it("takes what the doctor captured, with versions and date", async () => {
    expect(await replay(JSON.stringify(capture))).to.deep.equal({ headers: 10, proofs: 2 });
    expect(capture.capturedAt).to.equal("2027-01-15T08:00:00.000Z");
    const [trade] = capture.chains;
    expect(trade?.clientVersions["trade-rpc"]).to.equal("besu/v26.9.0/linux-x86_64/openjdk-java-25");
    expect(Object.keys(trade?.clientVersions ?? {})).to.have.length(5);
  });

  it("refuses a capture with another header, seal, proof or set", async () => {
    const tampered: Record<string, (draft: Capture) => void> = {
      "a field": ({ chains }) => void Object.assign(chains[0]?.headers[2] ?? {}, { gasUsed: "0x1" }),
      "a header less": ({ chains }) => void chains[1]?.headers.splice(2, 1),
      "the set": ({ chains }) => void chains[0]?.validators.pop(),
    };
    for (const change of Object.values(tampered)) await thrown("RPC_INCONSISTENT", replay(changed(change)));
    await thrown(
      "PROOF_REJECTED",
      replay(changed(({ chains }) => void Object.assign(chains[0]?.proofs[0]?.answer ?? {}, { balance: "0x1" }))),
    );
  });

  it("refuses what is no capture", async () => {
    for (const text of ["", "{", "null", "{}", changed((draft) => void Object.assign(draft, { format: "other" }))]) {
      await thrown("CONFIG_INVALID", replay(text));
    }
  });

  it("holds for every capture of a live network that is kept here", async () => {
    const files = existsSync(CAPTURES) ? readdirSync(CAPTURES).filter((name) => name.endsWith(".json")) : [];
    if (files.length === 0) console.warn("      No capture of a live Besu network is in test/vectors/besu yet");
    for (const file of files) {
      const { headers } = await replay(readFileSync(`${CAPTURES}/${file}`, "utf8"));
      expect(headers, file).to.be.above(0);
    }
  });
});
