import type { Interface } from "ethers/abi";
import { ContractFactory } from "ethers/contract";
import hre from "hardhat";
import { developmentWallet } from "../src/config/development.ts";
import type { Hex } from "../src/core/hex.ts";
import type { BenchProvider } from "./sender.ts";

export interface BenchContract {
  address: Hex;
  abi: Interface;
}

/** Deploys a contract of `bench/contracts/`. */
export async function deployBenchContract(
  name: "BenchProduct" | "BenchRecipient" | "BenchSender",
  provider: BenchProvider,
  args: readonly unknown[] = [],
): Promise<BenchContract> {
  const { abi, bytecode } = await hre.artifacts.readArtifact(name);
  const factory = new ContractFactory([...abi], bytecode, developmentWallet("deployer").connect(provider));
  const contract = await factory.deploy(...args);
  await contract.waitForDeployment();
  return { address: (await contract.getAddress()).toLowerCase() as Hex, abi: contract.interface };
}
