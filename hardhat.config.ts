import { globSync } from "node:fs";
import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatIgnition from "@nomicfoundation/hardhat-ignition-ethers";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import hardhatTypechain from "@nomicfoundation/hardhat-typechain";
import { defineConfig } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";

const compilerPath = createRequire(import.meta.url).resolve("solc/soljson.js");
const coverage = process.argv.includes("--coverage");

const solc = (runs: number) => ({
  version: "0.8.37",
  path: compilerPath,
  settings: { evmVersion: "cancun", viaIR: true, optimizer: { enabled: true, runs } },
});

/**
 * Compiles test/ without the optimizer, ten times faster. A test that needs a contract as it is deployed loads its
 * artifact with the getCode cheatcode; what it creates with `new` is compiled like the test. Hardhat merges the files
 * of one compiler object into one job, and overrides in the configuration would be one object, and one job, per file.
 */
const plainTests = definePlugin({
  id: "plain-tests",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        resolveUserConfig: async (userConfig, resolveVariable, next) => {
          const config = await next(userConfig, resolveVariable);
          for (const { compilers, overrides } of Object.values(config.solidity.profiles)) {
            const [compiler] = compilers;
            if (compiler === undefined) continue;
            const plain = {
              ...compiler,
              settings: { ...compiler.settings, viaIR: false, optimizer: { enabled: false } },
            };
            const files = globSync("test/**/*.sol", { cwd: import.meta.dirname });
            for (const file of files) overrides[file.replaceAll("\\", "/")] = plain;
          }
          return config;
        },
      }),
    }),
  },
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
    plainTests,
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
