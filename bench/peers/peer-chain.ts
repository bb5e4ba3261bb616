import { type BaseContract, Contract, ContractFactory, type ContractTransactionResponse } from "ethers/contract";
import { Wallet } from "ethers/wallet";
import hre from "hardhat";
import type { Hardfork } from "../../scripts/local/chains.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { type Hex, keccakText } from "../../src/core/hex.ts";
import { seededBytes } from "../seeded-bytes.ts";
import type { PeerContract, PeerContracts } from "./compile.ts";

/** One chain inside this process that takes all of a peer's contracts. */
export interface PeerChain {
  deploy(name: PeerContract, ...args: unknown[]): Promise<Contract>;
  /** A contract behind a proxy. */
  at(address: string, name: PeerContract): Contract;
  /** Whoever sends and delivers. */
  account: Hex;
}

export const PAYLOAD_BYTES = 128;
export const SIGNERS = 3;

/** Four of them, by ascending address. */
export const validators = Array.from(
  { length: 4 },
  (_, index) => new Wallet(keccakText(`peer validator ${index}`)),
).sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

export async function withPeerChain<T>(
  hardfork: Hardfork,
  contracts: PeerContracts,
  measure: (chain: PeerChain) => Promise<T>,
): Promise<T> {
  const connection = await hre.network.create({ network: "financeSimulated", override: { hardfork } });
  try {
    const wallet = developmentWallet("relayer").connect(connection.ethers.provider);
    const deploy = async (name: PeerContract, ...args: unknown[]) => {
      const { abi, bytecode } = contracts[name];
      const contract = await new ContractFactory([...abi], bytecode, wallet).deploy(...args);
      return (await contract.waitForDeployment()) as BaseContract as Contract;
    };
    return await measure({
      deploy,
      at: (address, name) => new Contract(address, contracts[name].abi, wallet),
      account: wallet.address.toLowerCase() as Hex,
    });
  } finally {
    await connection.close();
  }
}

export function payload(index: number): Hex {
  return seededBytes(`message ${index}`, PAYLOAD_BYTES);
}

/** Gas of a whole transaction. @throws Error when it fails. */
export async function gasOf(sent: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt === null) throw new Error("A transaction was not mined");
  return Number(receipt.gasUsed);
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
