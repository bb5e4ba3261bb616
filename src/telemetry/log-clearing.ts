import type { ClearingEvent, ClearingObserver } from "../clearing/events.ts";
import { logRelayer } from "./log-relayer.ts";
import type { Logger } from "./logger.ts";

/** An observer that writes what a clearing agent does to the log. */
export function logClearing(logger: Logger): ClearingObserver {
  const logLoop = logRelayer(logger);
  return (event) => {
    switch (event.type) {
      case "looked":
      case "sent":
      case "replaced":
      case "alarm":
      case "delayed":
      case "halted":
        logLoop(event);
        break;
      case "queueResolved":
        logger.info(event, "The queue was resolved");
        break;
      case "cycleClosed":
        logger.info(event, "A cycle was closed");
        break;
      case "instructed":
        logger.info(plain(event), "An instruction is said on the chain and will be sent");
        break;
      case "handed":
        logger.info(event, "The central ledger took an instruction");
        break;
      case "cleared":
        logger.info(plain(event), "An instruction is booked");
        break;
      case "rejected":
        logger.error(plain(event), "The central ledger rejected an instruction");
        break;
      case "cycleFinished":
        logger.info(event, "A cycle is finished");
        break;
      case "reconciled":
        logger.info(event, "A day's statements agree with what was booked");
        break;
      case "exception":
        if (event.alarm) logger.error(plain(event), "A message of the central ledger needs somebody at once");
        else logger.warn(plain(event), "A message of the central ledger moves nothing");
        break;
      case "redemptionsOverdue":
        if (event.count > 0) logger.error(plain(event), "Redemptions are overdue: their issuer owes the holders money");
        else logger.info(plain(event), "No redemption is overdue any more");
        break;
      default:
        event satisfies never;
    }
  };
}

/** Amounts in decimal digits, as logs have them. */
function plain(event: ClearingEvent): unknown {
  return JSON.parse(JSON.stringify(event, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
}
