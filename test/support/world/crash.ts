import { eventuallyTrue } from "./eventually.ts";
import { type RpcCall, RpcProxy } from "./proxy.ts";
import type { RelayerOptions, WatchedRelayer } from "./relayer.ts";
import type { Side } from "./stage.ts";
import type { World } from "./world.ts";

/** Where a relayer is killed: at a call to one of its chains, before the chain hears of it or after it was carried out. */
export interface CrashPoint {
  side: Side;
  when: "before" | "after";
  matches: (call: RpcCall, result: unknown) => boolean;
}

/**
 * Starts a relayer whose endpoints fall silent for good at a point, so that it gets no further, as when it is killed.
 * Resolves when it is there; what it holds open is let go of when the world stops.
 */
export async function crashRelayer(
  world: World,
  point: CrashPoint,
  options: RelayerOptions = {},
): Promise<WatchedRelayer> {
  const proxies = {
    trade: await RpcProxy.start(world.trade.rpcUrl),
    finance: await RpcProxy.start(world.finance.rpcUrl),
  };
  let dead = false;
  for (const side of ["trade", "finance"] as const) {
    proxies[side].misbehave(async (call, forward) => {
      if (dead) return "hang";
      if (side !== point.side) return undefined;
      if (point.when === "before") {
        dead = point.matches(call, undefined);
        return dead ? "hang" : undefined;
      }
      const result = await forward();
      dead ||= point.matches(call, result);
      return dead ? "hang" : { result };
    });
  }
  const rpcUrls = { trade: proxies.trade.url, finance: proxies.finance.url };
  const relayer = await world.startRelayer({ ...options, rpcUrls, timeoutMs: 60_000 });
  await eventuallyTrue("the relayer to reach the point where it is killed", () => dead);
  return {
    ...relayer,
    stop: async () => {
      const stopped = relayer.stop();
      for (const proxy of Object.values(proxies)) await proxy.stop();
      await stopped;
    },
  };
}
