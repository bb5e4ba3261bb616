import { clearingDay } from "./clearing-day.ts";
import type { Played, ScenarioContext } from "./context.ts";
import { crossBorder } from "./cross-border.ts";
import { documents } from "./documents.ts";
import { doubleUse } from "./double-use.ts";
import { duplicateInvoice } from "./duplicate-invoice.ts";
import { issuerStress } from "./issuer-stress.ts";

/** Every scenario that can be played, by its name on the command line. */
export const scenarios: Readonly<Record<string, (context: ScenarioContext) => Promise<Played>>> = {
  "cross-border": crossBorder,
  "clearing-day": clearingDay,
  "double-use": doubleUse,
  "duplicate-invoice": duplicateInvoice,
  "issuer-stress": issuerStress,
  documents,
};
