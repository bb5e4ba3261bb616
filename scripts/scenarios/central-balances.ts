import { HttpCentralLedger } from "../../src/clearing/http-central-ledger.ts";
import { completeLei } from "../../src/core/codes/lei.ts";
import { parseStatement } from "../../src/iso20022/business-message.ts";
import { demoMembers, entityOf } from "../local/entities.ts";
import { demoCurrencies } from "../local/onboarding/coins.ts";
import type { ScenarioContext } from "./context.ts";

/** Closing balances at the central ledger, in hundredths, by `member currency`: as its camt.053 statements of today say. */
export async function centralBalances({ centralLedger }: ScenarioContext): Promise<Map<string, bigint>> {
  const ledger = new HttpCentralLedger({ url: centralLedger.url, timeoutMs: 10_000, attempts: 3, pauseMs: 100 });
  try {
    const today = new Date().toISOString().slice(0, 10);
    const asked = demoMembers.flatMap((member) =>
      demoCurrencies.map(async (currency) => {
        const account = `${completeLei(entityOf(member).leiBody)}-${currency}`;
        const { document } = parseStatement(await ledger.statement(account, today));
        return [`${member} ${currency}`, document.closing.cents] as const;
      }),
    );
    return new Map(await Promise.all(asked));
  } finally {
    ledger.close();
  }
}
