import type { ContractTransactionResponse } from "ethers/contract";
import { Contract, ContractFactory } from "ethers/contract";
import { Wallet } from "ethers/wallet";
import hre from "hardhat";
import type { Hardfork } from "../scripts/local/chains.ts";
import { deployTokenRegistry, type TokenRegistry } from "../scripts/scenarios/token-registry.ts";
import { keccakText } from "../src/core/hex.ts";

export const BILL_OF_LADING = 705;
/** Its place among the parties. */
export const CARRIER = 0;
/** The carrier, and all who hold titles. */
const PARTIES = 6;

/** Our contracts for documents and titles and TradeTrust's, on one chain in this process, with the same accounts. */
export interface TitlesWorld {
  documents: Contract;
  titles: Contract;
  tokenRegistry: TokenRegistry;
  /** The carrier first. Each takes titles from each. */
  parties: readonly Wallet[];
}

/** What is done with a title, each by one transaction, of which it gives the gas. Parties by their place. */
export interface Title {
  mint(holder: number, owner: number): Promise<number>;
  control(from: number, to: number): Promise<number>;
  endorse(from: number, to: number): Promise<number>;
  surrender(by: number): Promise<number>;
  reject(): Promise<number>;
  accept(): Promise<number>;
}

export async function withTitlesWorld<T>(hardfork: Hardfork, measure: (world: TitlesWorld) => Promise<T>): Promise<T> {
  const connection = await hre.network.create({ network: "tradeSimulated", override: { hardfork } });
  try {
    const provider = connection.ethers.provider;
    const open = async (seed: string) => {
      const wallet = new Wallet(keccakText(seed), provider);
      await connection.provider.request({
        method: "hardhat_setBalance",
        params: [wallet.address, "0x21e19e0c9bab2400000"],
      });
      return wallet;
    };
    const operator = await open("huangpu titles operator");
    const parties: Wallet[] = [];
    for (let index = 0; index < PARTIES; index++) parties.push(await open(`huangpu titles party ${index}`));
    const deploy = async (name: string, ...args: unknown[]) => {
      const { abi, bytecode } = await hre.artifacts.readArtifact(name);
      const deployed = await new ContractFactory([...abi], bytecode, operator).deploy(...args);
      await deployed.waitForDeployment();
      return new Contract(await deployed.getAddress(), abi, operator);
    };
    const authority = await deploy("AccessManager", operator);
    const participants = await deploy("Participants", authority);
    const documents = await deploy("DocumentRegistry", authority, participants);
    const claims = await deploy("ClaimRegistry", authority, participants);
    const titles = await deploy("TitleRegistry", authority, participants, documents, claims);
    await gasOf(claims.getFunction("setProduct")(titles, true));
    await admit(participants, parties);
    const carrier = carrierOf(parties);
    await gasOf(documents.getFunction("setAccreditation")(carrier, BILL_OF_LADING, true));
    await acceptFromAll(titles, parties);
    return await measure({ documents, titles, tokenRegistry: await deployTokenRegistry(carrier), parties });
  } finally {
    await connection.close();
  }
}

export function carrierOf(parties: readonly Wallet[]): Wallet {
  return partyOf(parties, CARRIER);
}

/** @throws Error when there is no such party. */
export function partyOf(parties: readonly Wallet[], party: number): Wallet {
  const found = parties[party];
  if (found === undefined) throw new Error(`There is no party ${party}`);
  return found;
}

/** Gas of a whole transaction. @throws Error when it fails. */
export async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("A transaction was not mined");
  return Number(receipt.gasUsed);
}

async function admit(participants: Contract, parties: readonly Wallet[]): Promise<void> {
  for (const [index, party] of parties.entries()) {
    const lei = leiOf(index);
    await gasOf(participants.getFunction("admit")(lei, "0x434e"));
    await gasOf(participants.getFunction("linkAccount")(party, lei));
  }
}

/** Without it a transfer would be an offer that has to be accepted: two transactions, where theirs is one. */
async function acceptFromAll(titles: Contract, parties: readonly Wallet[]): Promise<void> {
  const ALWAYS = 2n ** 40n - 1n;
  for (const recipient of parties) {
    for (const sender of parties) {
      const own = titles.connect(recipient) as Contract;
      if (sender !== recipient) await gasOf(own.getFunction("setStandingAcceptance")(sender, ALWAYS));
    }
  }
}

/** Eighteen digits that count the parties, and two that check them (ISO 7064 MOD 97-10). */
function leiOf(index: number): string {
  const digits = 300_000_000_000_000_000n + BigInt(index);
  return `0x${Buffer.from(String(digits * 100n + 98n - ((digits * 100n) % 97n)), "ascii").toString("hex")}`;
}
