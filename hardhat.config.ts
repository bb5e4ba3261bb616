import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatKeystore from "@nomicfoundation/hardhat-keystore";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { configVariable, defineConfig } from "hardhat/config";
import { ownWarnings, plainTests } from "./scripts/compilation.ts";
import { tasks } from "./scripts/tasks/index.ts";
import { DEVELOPMENT_MNEMONIC, developmentAccounts, LOCAL_CHAIN_IDS } from "./src/config/development.ts";

const compilerPath = createRequire(import.meta.url).resolve("solc/soljson.js");
const coverage = process.argv.includes("--coverage");

const solc = (runs: number) => ({
  version: "0.8.37",
  path: compilerPath,
  settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs } },
});

const everyMessage = solc(1_000_000);
/** Those that would be above 24,576 bytes (EIP-170) otherwise. */
const everyPayment = solc(1_000);

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

/** A chain of a consortium; what it is reached and paid with comes from Hardhat's keystore or the environment. */
const consortium = (url: string) => ({
  type: "http" as const,
  url: configVariable(url),
  accounts: [configVariable("HUANGPU_DEPLOYER_KEY")],
});

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnition,
    hardhatKeystore,
    hardhatNetworkHelpers,
    hardhatTypechain,
    ownWarnings,
    plainTests,
  ],
  tasks,
  solidity: {
    splitTestsCompilation: true,
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    compilers: [solc(200)],
    // What runs for every message, header or payment, and what measures a part of it; all else is called now and then.
    overrides: {
      "contracts/bridge/Gateway.sol": everyMessage,
      "contracts/bridge/LightClient.sol": everyMessage,
      "contracts/bridge/AttestedHeaders.sol": everyMessage,
      "contracts/bridge/QbftHeaders.sol": everyMessage,
      "bench/contracts/TrieBench.sol": everyMessage,
      "contracts/access/Participants.sol": everyMessage,
      "contracts/finance/clearing/ClearingHouse.sol": everyPayment,
      "contracts/finance/clearing/SubAccounts.sol": everyMessage,
      "contracts/finance/evidence/Corridors.sol": everyMessage,
      "contracts/finance/evidence/EvidenceLedger.sol": everyMessage,
      "contracts/finance/fx/FxDesk.sol": everyMessage,
      "contracts/finance/fx/RateFeed.sol": everyMessage,
      "contracts/finance/payments/Payments.sol": everyPayment,
    },
  },
  networks: {
    tradeSimulated: simulated(LOCAL_CHAIN_IDS.trade),
    financeSimulated: simulated(LOCAL_CHAIN_IDS.finance),
    trade: served(LOCAL_CHAIN_IDS.trade, "http://127.0.0.1:8545"),
    finance: served(LOCAL_CHAIN_IDS.finance, "http://127.0.0.1:8546"),
    tradeConsortium: consortium("HUANGPU_TRADE_RPC_URL"),
    financeConsortium: consortium("HUANGPU_FINANCE_RPC_URL"),
  },
  typechain: { tsNocheck: true, dontOverrideCompile: coverage },
  coverage: { skipFiles: ["bench/**"] },
  paths: {
    // What only measures is compiled with the rest, but deployed by no module and counted in no coverage.
    sources: ["contracts", "bench/contracts"],
    ignition: "deploy",
    tests: { solidity: "test" },
    // Instrumented bytecode is kept apart: nothing but the coverage run ever executes it.
    ...(coverage && { artifacts: "cache/coverage/artifacts", cache: "cache/coverage" }),
  },
});
