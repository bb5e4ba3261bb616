import { expect } from "chai";
import { encodeBytes32String, type JsonRpcSigner } from "ethers";
import { type LocalChain, startLocalChain } from "../../scripts/local/chains.ts";
import { asciiHex } from "../../scripts/local/entities.ts";
import { type ClaimFields, claimKinds } from "../../src/claims/claim-kinds.ts";
import { type ClaimKey, fingerprintsOf } from "../../src/claims/fingerprint.ts";
import { completeLei } from "../../src/core/codes/lei.ts";
import type { ClaimRegistry } from "../../types/ethers-contracts/contracts/trade/claims/ClaimRegistry.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { Participants__factory } from "../../types/ethers-contracts/factories/contracts/access/Participants__factory.ts";
import { ClaimRegistry__factory } from "../../types/ethers-contracts/factories/contracts/trade/claims/ClaimRegistry__factory.ts";
import { mined } from "../support/world/actor.ts";
import { expectRefusal } from "../support/world/refusal.ts";

const INVOICE = claimKinds.invoice.code;
const [LOAN, OTHER_LOAN] = ["LOAN-1", "LOAN-2"].map(encodeBytes32String) as [string, string];
const key = (id: number): ClaimKey => ({ id, secret: new Uint8Array(32).fill(id) });

const printed: ClaimFields<"invoice"> = {
  seller: completeLei("8945HPUEXPORTER000"),
  buyer: completeLei("8945HPUIMPORTER000"),
  number: "INV-2026/0017",
  issued: "22.11.2026",
  currency: "USD",
  amount: "48.000,50",
};
const typed = { ...printed, number: "inv 2026 0017", issued: "2026-11-22", amount: "48,000.50" };

/** What two banks compute apart from each other, against the contract that is deployed, while the key changes. */
describe("claims under two keys", function () {
  this.timeout(60_000);

  let chain: LocalChain;
  let first: JsonRpcSigner;
  let firstBank: ClaimRegistry;
  let secondBank: ClaimRegistry;

  before(async () => {
    chain = await startLocalChain("trade", 0);
    first = await chain.provider.getSigner(0);
    const second = await chain.provider.getSigner(1);
    const manager = await new AccessManager__factory(first).deploy(first);
    const participants = await new Participants__factory(first).deploy(manager);
    firstBank = await new ClaimRegistry__factory(first).deploy(manager, participants);
    secondBank = firstBank.connect(second);
    for (const [bank, body] of [
      [first, "8945HPUBANKBUND000"],
      [second, "8945HPUBANKMERL000"],
    ] as const) {
      const lei = asciiHex(completeLei(body));
      await mined(participants.admit(lei, asciiHex("CN")));
      await mined(participants.linkAccount(bank, lei));
      await mined(firstBank.setClaimant(bank, INVOICE, true));
    }
  });

  after(async () => await chain?.stop());

  it("refuses a second claim before, while and after the key changes, with the first one's reference", async () => {
    const before = fingerprintsOf("invoice", printed, key(1));
    await mined(firstBank.register(INVOICE, before, LOAN));
    const refused = async (claim: ReturnType<typeof fingerprintsOf>, known: string) =>
      await expectRefusal(
        secondBank.register(INVOICE, claim, OTHER_LOAN),
        "ClaimRegistry_AlreadyClaimed",
        known,
        first.address,
        LOAN,
      );
    await refused(fingerprintsOf("invoice", typed, key(1)), before.exact);

    await mined(firstBank.rotateKey());
    await expectRefusal(
      secondBank.register(INVOICE, fingerprintsOf("invoice", typed, key(1)), OTHER_LOAN),
      "ClaimRegistry_WrongKey",
      1n,
      2n,
    );
    await expectRefusal(
      secondBank.register(INVOICE, fingerprintsOf("invoice", typed, key(2)), OTHER_LOAN),
      "ClaimRegistry_FormerFingerprintMissing",
      1n,
    );
    const during = fingerprintsOf("invoice", typed, key(2), key(1));
    await refused(during, before.exact);

    const moved = fingerprintsOf("invoice", printed, key(2), key(1));
    await mined(firstBank.move(moved));
    await refused(during, moved.exact);
    await refused(fingerprintsOf("invoice", typed, key(2)), moved.exact);

    await mined(firstBank.rotateKey());
    await refused(fingerprintsOf("invoice", typed, key(3), key(2)), moved.exact);
    await mined(firstBank.release(moved.exact));
    await mined(secondBank.register(INVOICE, fingerprintsOf("invoice", typed, key(3), key(2)), OTHER_LOAN));
  });

  it("warns of an invoice with another number that was claimed under the former key", async () => {
    await mined(firstBank.rotateKey());
    const altered = fingerprintsOf("invoice", { ...typed, number: "INV-2026/0018" }, key(4), key(3));
    expect(await firstBank.register.staticCall(INVOICE, altered, LOAN)).to.equal(1n);
    const { page } = await firstBank.nearOf(altered.formerNear, 0, 64);
    expect(page.map(({ claim }) => claim.claimReference)).to.deep.equal([OTHER_LOAN]);
  });
});
