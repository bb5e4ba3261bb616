import { expect } from "chai";
import { type ContractTransactionResponse, hexlify, id, type JsonRpcSigner, toUtf8Bytes, ZeroAddress } from "ethers";
import { type LocalChain, startLocalChain } from "../../scripts/local/chains.ts";
import { completeLei } from "../../src/core/codes/lei.ts";
import { AccessManager__factory } from "../../types/ethers-contracts/factories/@openzeppelin/contracts/access/manager/AccessManager__factory.ts";
import { BenchProduct__factory } from "../../types/ethers-contracts/factories/bench/contracts/BenchProduct__factory.ts";
import { Participants__factory } from "../../types/ethers-contracts/factories/contracts/access/Participants__factory.ts";
import { Corridors__factory } from "../../types/ethers-contracts/factories/contracts/finance/evidence/Corridors__factory.ts";
import { EvidenceLedger__factory } from "../../types/ethers-contracts/factories/contracts/finance/evidence/EvidenceLedger__factory.ts";

const BUDGET = 250_000n;
const LIMIT = 10n ** 12n;
const ascii = (text: string) => hexlify(toUtf8Bytes(text));
const [germany, china, dollar] = ["DE", "CN", "USD"].map(ascii) as [string, string, string];
const importerLei = ascii(completeLei("8945HPUIMPORTER000"));
const exporterLei = ascii(completeLei("8945HPUEXPORTER000"));

/** Whole transactions, through a product that does nothing but ask. The contracts are those that are deployed. */
describe("gas of a forex verdict", function () {
  this.timeout(60_000);

  let chain: LocalChain;
  let importer: JsonRpcSigner;
  let pay: (claim: string, documents: readonly string[], amount: bigint) => Promise<bigint>;
  let register: (...names: string[]) => Promise<string[]>;

  before(async () => {
    chain = await startLocalChain("finance", 0);
    importer = await chain.provider.getSigner(0);
    const exporter = await chain.provider.getSigner(1);
    const manager = await new AccessManager__factory(importer).deploy(importer);
    const participants = await new Participants__factory(importer).deploy(manager);
    const corridors = await new Corridors__factory(importer).deploy(manager);
    const ledger = await new EvidenceLedger__factory(importer).deploy(manager, participants, corridors, 1n);
    const product = await new BenchProduct__factory(importer).deploy(ledger);

    await mined(participants.admit(importerLei, germany));
    await mined(participants.admit(exporterLei, china));
    await mined(participants.linkAccount(importer, importerLei));
    await mined(participants.linkAccount(exporter, exporterLei));
    const limits = { perTransaction: LIMIT, perEntityPerDay: LIMIT, perDay: LIMIT };
    const rule = { ...limits, requiredTypes: [830, 0, 0, 0], approver: ZeroAddress, open: true } as const;
    await mined(corridors.setRule(germany, china, dollar, { ...rule, requiredTypes: [830, 0, 0, 0] }));
    await mined(corridors.setProduct(ledger, true));
    await mined(ledger.setProduct(product, true));
    await mined(ledger.setProduct(importer, true));

    register = async (...names) => {
      const hashes = names.map(id);
      const worth = { documentType: 830, currency: dollar, amount: 1_000n, debtor: importerLei, creditor: exporterLei };
      await mined(ledger.register(hashes.map((documentHash) => ({ documentHash, ...worth }))));
      return hashes;
    };
    pay = async (claim, documents, amount) =>
      await mined(product.pay(id(claim), exporter, dollar, amount, [...documents]));
  });

  after(async () => await chain?.stop());

  it("verifies six declarations in one transaction within 250,000, for the first payment that is ever made", async () => {
    const declarations = await register("a", "b", "c", "d", "e", "f");
    const gas = await pay("first", declarations, 100n);
    if (process.env["SHOW_GAS"] !== undefined) console.log({ gas });
    expect(gas).to.be.at.most(BUDGET);
  });

  it("verifies six more, and those again, for less", async () => {
    const declarations = await register("g", "h", "i", "j", "k", "l");
    const first = await pay("second", declarations, 100n);
    const again = await pay("third", declarations, 100n);
    const two = await pay("fourth", declarations.slice(0, 2), 100n);
    if (process.env["SHOW_GAS"] !== undefined) console.log({ first, again, two });
    expect(first).to.be.at.most(BUDGET - 100_000n);
    expect(again).to.be.at.most(first);
    expect(two).to.be.below(again);
  });

  /** A draw writes one slot of a document, which it has from its registration: the first use costs no more than others. */
  it("costs the same however often documents were drawn on", async () => {
    const declarations = await register("m", "n", "o", "p", "q", "r");
    const gas: number[] = [];
    for (let use = 0; use < 4; use++) gas.push(Number(await pay(`use ${use}`, declarations, 100n)));
    expect(Math.max(...gas) - Math.min(...gas)).to.be.below(2_000);
  });
});

async function mined(sent: Promise<ContractTransactionResponse>): Promise<bigint> {
  return (await (await sent).wait())?.gasUsed ?? 0n;
}
