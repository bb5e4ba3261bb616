import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";

const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");
const coverage = process.argv.includes("--coverage");

const solc = (runs: number) => ({
  version: "0.8.37",
  path: compiler,
  settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs } },
});

/** Shows the compiler's warnings about this project's files, and not those about its dependencies. */
const ownWarnings = definePlugin({
  id: "own-warnings",
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        getCompilationJobErrors: async (context, job, output, next) => {
          const errors = await next(context, job, output);
          return errors.filter((e) => e.severity === "error" || !e.formattedMessage?.includes("/node_modules/"));
        },
      }),
    }),
  },
});

export default defineConfig({
  plugins: [
    hardhatEthers,
    hardhatEthersChaiMatchers,
    hardhatIgnition,
    hardhatNetworkHelpers,
    hardhatTypechain,
    ownWarnings,
  ],
  solidity: {
    splitTestsCompilation: true,
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
    compilers: [solc(200)],
    overrides: { "contracts/bridge/Gateway.sol": solc(1_000_000) },
  },
  typechain: { tsNocheck: true, dontOverrideCompile: coverage },
  paths: {
    ignition: "deploy",
    tests: { solidity: "test" },
    // Instrumented bytecode is kept apart: nothing but the coverage run ever executes it.
    ...(coverage && { artifacts: "cache/coverage/artifacts", cache: "cache/coverage" }),
  },
});
