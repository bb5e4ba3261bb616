import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import type { DevelopmentAccount } from "../../src/config/development.ts";
import { type Hex, keccakText } from "../../src/core/hex.ts";
import { entityOf, leiOf } from "../local/entities.ts";
import type { DemoCurrency } from "../local/onboarding/coins.ts";
import { financeAs, type ScenarioContext, tradeAs } from "./context.ts";
import { crossing } from "./crossing.ts";
import type { Journey } from "./journey.ts";
import { money } from "./money.ts";

const NO_TRADE = `0x${"00".repeat(32)}`;

/** A document that belongs to no trade of the trade book. */
export interface LooseDocument {
  hash: Hex;
  name: string;
  type: number;
  issuer: DevelopmentAccount;
  debtor: DevelopmentAccount;
  creditor: DevelopmentAccount;
  currency: DemoCurrency;
  amount: bigint;
}

/** Anchors a document with what it is worth, and waits until the evidence ledger has it. */
export async function proveDocument(
  context: ScenarioContext,
  journey: Journey,
  { hash, name, type, issuer, ...value }: LooseDocument,
): Promise<void> {
  const { currency, amount, debtor, creditor } = value;
  const { documentRegistry } = tradeAs(context, issuer);
  const worth = { currency: currencyCode(currency), creditor: leiOf(creditor), debtor: leiOf(debtor), amount };
  await journey.act(
    "trade",
    `${entityOf(issuer).name} anchors the ${name} ${hash.slice(0, 10)}…`,
    documentRegistry.anchorValued(hash, type, NO_TRADE, worth),
    `worth ${money(currency, amount)}`,
  );
  const { evidenceLedger } = financeAs(context, issuer);
  const registered = await crossing(context.timeline, `the ${name} crosses to the finance chain`, () =>
    evidenceLedger.queryFilter(evidenceLedger.filters.EvidenceRegistered(hash)),
  );
  await journey.arrive("finance", `Evidence ledger enters the ${name}`, registered);
}

/** A hash for a document that nobody has to read. */
export function hashOf(text: string): Hex {
  return keccakText(text);
}
