import { readFileSync } from "node:fs";
import { Contract, ContractFactory, type ContractRunner, type Signer } from "ethers";

/** The contracts of TradeTrust's token registry as their package publishes them: their bytecode, unmodified. */
export interface TokenRegistry {
  /** TradeTrustToken. Whoever deployed it is its issuer. */
  registry: Contract;
  /** The escrow of a title, whether or not it was minted. */
  escrowOf(tokenId: bigint): Promise<Contract>;
}

type Published = "TitleEscrow" | "TitleEscrowFactory" | "TradeTrustToken";

/** Deploys a registry with an escrow factory of its own. Whoever signs is its issuer: mints, accepts and refuses surrenders. */
export async function deployTokenRegistry(issuer: Signer): Promise<TokenRegistry> {
  const factory = await deploy("TitleEscrowFactory", issuer);
  const registry = await deploy("TradeTrustToken", issuer, "Bills of lading", "BL", factory);
  return {
    registry,
    escrowOf: async (tokenId) => titleEscrow(await factory.getFunction("getEscrowAddress")(registry, tokenId), issuer),
  };
}

/** A title's escrow as somebody calls it. */
export function titleEscrow(address: string, runner: ContractRunner): Contract {
  return new Contract(address, publishedOf("TitleEscrow").abi, runner);
}

async function deploy(name: Published, issuer: Signer, ...args: unknown[]): Promise<Contract> {
  const { abi, bytecode } = publishedOf(name);
  const deployed = await new ContractFactory(abi, bytecode, issuer).deploy(...args);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi, issuer);
}

function publishedOf(name: Published): { abi: object[]; bytecode: string } {
  const file = new URL(`artifacts/${name}.sol/${name}.json`, import.meta.resolve("@tradetrust-tt/token-registry"));
  return JSON.parse(readFileSync(file, "utf8")) as { abi: object[]; bytecode: string };
}
