import { type DestinationStream, type Logger, pino } from "pino";

export type { Logger };

/** Structured logs, one JSON object a line. Warnings and errors mean that somebody should look. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
