import { readFileSync } from "node:fs";
import { Contract, ContractFactory, type InterfaceAbi, type JsonRpcProvider } from "ethers";

/** The walker and OpenZeppelin's TrieProof in one contract, as deployed: `bench/contracts/TrieBench.sol`. */
export async function deployTrieBench(provider: JsonRpcProvider): Promise<Contract> {
  const artifact = JSON.parse(
    readFileSync(new URL("../../../artifacts/bench/contracts/TrieBench.sol/TrieBench.json", import.meta.url), "utf8"),
  ) as { abi: InterfaceAbi; bytecode: string };
  const deployed = await new ContractFactory(artifact.abi, artifact.bytecode, await provider.getSigner()).deploy();
  return new Contract(await (await deployed.waitForDeployment()).getAddress(), artifact.abi, provider);
}
