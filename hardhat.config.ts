import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";
import { DEVELOPMENT_MNEMONIC, developmentAccounts, LOCAL_CHAIN_IDS } from "./src/config/development.ts";

const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");

const solc = (runs: number) => ({
  version: "0.8.37",
  path: compiler,
  settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs } },
});

const accounts = { mnemonic: DEVELOPMENT_MNEMONIC, count: developmentAccounts.length };

/** A chain inside this process, automined until somebody asks for an interval. Its clock is the wall's. */
const simulated = (chainId: number) => ({
  type: "edr-simulated" as const,
  chainId,
  hardfork: "cancun",
  allowBlocksWithSameTimestamp: true,
  accounts,
});

/** The same chain as a server: what `npm run node` keeps up. */
const served = (chainId: number, url: string) => ({ type: "http" as const, chainId, url, accounts });

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatIgnition, hardhatNetworkHelpers, hardhatTypechain],
  solidity: {
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    compilers: [solc(200)],
    // The gateway's functions run for every message; all else is called now and then.
    overrides: { "contracts/bridge/Gateway.sol": solc(1_000_000) },
  },
  networks: {
    tradeSimulated: simulated(LOCAL_CHAIN_IDS.trade),
    financeSimulated: simulated(LOCAL_CHAIN_IDS.finance),
    trade: served(LOCAL_CHAIN_IDS.trade, "http://127.0.0.1:8545"),
    finance: served(LOCAL_CHAIN_IDS.finance, "http://127.0.0.1:8546"),
  },
  typechain: { tsNocheck: true },
  // What only measures is compiled with the rest, but deployed by no module and counted in no coverage.
  coverage: { skipFiles: ["bench/**"] },
  paths: { sources: ["contracts", "bench/contracts"], ignition: "deploy", tests: { solidity: "test" } },
});
