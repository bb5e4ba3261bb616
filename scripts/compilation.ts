import { globSync } from "node:fs";
import { join } from "node:path";
import { definePlugin } from "hardhat/plugins";

/**
 * Compiles test/ without the optimizer, ten times faster. A test that needs a contract as it is deployed loads its
 * artifact with the getCode cheatcode; what it creates with `new` is compiled like the test. Hardhat merges the files
 * of one compiler object into one job, and overrides in the configuration would be one object, and one job, per file.
 */
export const plainTests = definePlugin({
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
            const files = globSync("test/**/*.sol", { cwd: join(import.meta.dirname, "..") });
            for (const file of files) overrides[file.replaceAll("\\", "/")] = plain;
          }
          return config;
        },
      }),
    }),
  },
});

/** Shows the compiler's warnings about this project's files, and not those about its dependencies. */
export const ownWarnings = definePlugin({
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
