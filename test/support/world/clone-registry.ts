import { readFileSync } from "node:fs";
import { AbiCoder, Contract, ContractFactory, type Signer } from "ethers";
import { deployTokenRegistry } from "../../../scripts/scenarios/token-registry.ts";
import { mined } from "./actor.ts";

/** What their deployer makes of the implementation for clones: an ERC-1167 proxy, initialised. */
export async function cloneRegistry(issuer: Signer): Promise<Contract> {
  const { registry } = await deployTokenRegistry(issuer);
  const factory: string = await registry.getFunction("titleEscrowFactory")();
  const { abi, bytecode } = publishedStandard();
  const implementation = await new ContractFactory(abi, bytecode, issuer).deploy();
  const target = (await implementation.getAddress()).slice(2);
  const data = `0x3d602d80600a3d3981f3363d3d373d3d3d363d73${target}5af43d82803e903d91602b57fd5bf3`;
  const receipt = await (await issuer.sendTransaction({ data })).wait();
  const clone = new Contract(receipt?.contractAddress ?? "", abi, issuer);
  const coder = AbiCoder.defaultAbiCoder();
  const names = coder.encode(["string", "string", "address"], ["Bills of lading", "BL", await issuer.getAddress()]);
  await mined(clone.getFunction("initialize")(coder.encode(["bytes", "address"], [names, factory])));
  return clone;
}

function publishedStandard(): { abi: object[]; bytecode: string } {
  const path = "artifacts/presets/TradeTrustTokenStandard.sol/TradeTrustTokenStandard.json";
  const file = new URL(path, import.meta.resolve("@tradetrust-tt/token-registry"));
  return JSON.parse(readFileSync(file, "utf8"));
}
