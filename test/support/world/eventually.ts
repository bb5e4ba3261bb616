import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 10;

/** Asks until the answer is not undefined. @throws Error when there is none in time. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} seconds in vain for ${what}`);
    await sleep(POLL_MS);
  }
}

/** Waits until something holds. */
export async function eventuallyTrue(
  what: string,
  holds: () => Promise<boolean> | boolean,
  seconds = 30,
): Promise<void> {
  await eventually(what, async () => ((await holds()) ? true : undefined), seconds);
}
