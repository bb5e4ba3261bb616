import { type LocalChain, startLocalChain } from "../../../scripts/local/chains.ts";
import { anvilBinary, startAnvil } from "./anvil.ts";

/** What keeps up the finance chain. The trade chain is always EDR's. */
export interface Engine {
  name: string;
  installed(): boolean;
  startFinance(): Promise<LocalChain>;
}

export const EDR: Engine = {
  name: "EDR",
  installed: () => true,
  startFinance: async () => await startLocalChain("finance", 0),
};

const anvil = (hardfork: "cancun" | "osaka"): Engine => ({
  name: `Anvil (${hardfork})`,
  installed: () => anvilBinary() !== undefined,
  startFinance: async () => await startAnvil("finance", hardfork),
});

/**
 * The same tests with the finance chain on each of two independent EVMs, on the second also under the newest rules.
 * Each proves its headers and state to the other one. What is not installed is skipped, which is told loudly.
 */
export function onEveryEngine(title: string, tests: (engine: Engine) => void): void {
  for (const engine of [EDR, anvil("cancun"), anvil("osaka")]) {
    describe(`${title}, the finance chain on ${engine.name}`, () => {
      before(function () {
        if (engine.installed()) return;
        console.warn(`SKIPPED: ${engine.name} is not installed here; its npm package is for Linux on x64`);
        this.skip();
      });
      tests(engine);
    });
  }
}
