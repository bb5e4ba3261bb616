import type { HuangpuError } from "../core/errors.ts";
import type { Observer, RelayerEvent } from "../relayer/events.ts";
import type { Logger } from "./logger.ts";

/** An observer that writes what a relayer does to the log. */
export function logRelayer(logger: Logger): Observer {
  return (event) => {
    switch (event.type) {
      case "observed":
        logger.debug(event, "Messages observed");
        break;
      case "proven":
        logger.debug(event, "Head proven");
        break;
      case "delivered":
        logger.info({ ...event, gasUsed: event.gasUsed.toString() }, "Messages delivered");
        break;
      case "looked":
        logger.debug({ ...event, signerBalance: event.signerBalance?.toString() }, "Source looked at");
        break;
      case "sent":
        logger.debug({ ...event, maxFeePerGas: event.maxFeePerGas.toString() }, "Transaction sent");
        break;
      case "replaced":
        logger.warn(
          { ...event, maxFeePerGas: event.maxFeePerGas.toString() },
          "A transaction was not mined in time and is sent again with a higher fee",
        );
        break;
      case "overtaken":
        logger.info({ ...event, gasUsed: event.gasUsed.toString() }, "Another relayer was first");
        break;
      case "upkept":
        logger.info({ ...event, gasUsed: event.gasUsed.toString() }, "A transaction for the light client was mined");
        break;
      case "confirmed":
        logger.debug(event, "Deliveries final");
        break;
      case "alarm":
        logger.error({ direction: event.direction, reason: event.reason, ...event.fields }, "Somebody should look");
        break;
      case "messageFailed":
        logger.warn(event, "A message failed at its recipient and is stored for a retry");
        break;
      case "delayed":
        logger.warn(describe(event), "A round failed and will be repeated");
        break;
      case "halted":
        logger.error(describe(event), "A direction is halted until somebody looks");
        break;
      default:
        event satisfies never;
    }
  };
}

type Troubled = Extract<RelayerEvent, { error: HuangpuError }>;

function describe({ direction, error }: Troubled): Record<string, unknown> {
  return { direction, code: error.code, reason: error.message, ...error.fields };
}
