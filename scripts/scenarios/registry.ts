import type { ScenarioContext, ScenarioResult } from "./context.ts";
import { crossBorder } from "./cross-border.ts";

/** Every scenario that can be played, by its name on the command line. */
export const scenarios: Readonly<Record<string, (context: ScenarioContext) => Promise<ScenarioResult>>> = {
  "cross-border": crossBorder,
};
