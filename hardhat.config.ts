import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";

const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");

const solc = (runs: number) => ({
  version: "0.8.37",
  path: compiler,
  settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs } },
});

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatIgnition, hardhatNetworkHelpers, hardhatTypechain],
  solidity: {
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    compilers: [solc(200)],
    overrides: { "contracts/bridge/Gateway.sol": solc(1_000_000) },
  },
  typechain: { tsNocheck: true },
  paths: { ignition: "deploy", tests: { solidity: "test" } },
});
