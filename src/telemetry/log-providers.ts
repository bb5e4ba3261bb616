import type { ProviderObserver } from "../chains/provider-events.ts";
import type { Logger } from "./logger.ts";

/** An observer that writes what becomes of the providers to the log. Single requests are left to the metrics. */
export function logProviders(logger: Logger): ProviderObserver {
  return (event) => {
    switch (event.type) {
      case "asked":
      case "surveyed":
        break;
      case "providerChanged": {
        const { chain, provider, from, to, head, reason } = event;
        const fields = { chain, provider, from, to, head, code: reason?.code, reason: reason?.message };
        if (to === "wrongChain") logger.error(fields, "A provider serves another chain and is asked no more");
        else if (to === "up") logger.info(fields, "A provider is asked as before");
        else logger.warn(fields, "A provider is asked only when there is no better one");
        break;
      }
      case "disagreed": {
        const { chain, subject, answers } = event;
        logger.error({ chain, subject, answers }, "Providers contradict one another: nothing goes on until they agree");
        break;
      }
      default:
        event satisfies never;
    }
  };
}
