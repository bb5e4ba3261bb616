import process from "node:process";
import { InvalidArgumentError, Option } from "commander";
import { Timeline } from "./timeline.ts";

/** `--block-time`, alike wherever local chains are started. */
export function blockTimeOption(): Option {
  return new Option("--block-time <seconds>", "seconds between blocks; 0 for a block with every transaction")
    .default(1)
    .argParser(seconds);
}

/** `--trade-port`, `--finance-port`. */
export function portOption(chain: string, port: number): Option {
  return new Option(`--${chain}-port <port>`, `port of the ${chain} chain on 127.0.0.1; 0 takes a free one`)
    .default(port)
    .argParser(parsePort);
}

/** A timeline as wide as the terminal. */
export function terminalTimeline(): Timeline {
  return new Timeline({
    width: process.stdout.columns ?? 100,
    write: (text) => process.stdout.write(text),
    interactive: process.stdout.isTTY === true,
  });
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 60)) throw new InvalidArgumentError("It must be 0 to 60 seconds.");
  return value;
}

function parsePort(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 0 && value <= 65_535)) throw new InvalidArgumentError("It must be a port.");
  return value;
}
