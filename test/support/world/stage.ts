import type { JsonRpcProvider } from "ethers";
import type { Deployment } from "../../../deploy/deployment.ts";
import type { DevelopmentAccount } from "../../../src/config/development.ts";
import { type Actor, createActor } from "./actor.ts";
import { eventuallyTrue } from "./eventually.ts";

export type Side = "trade" | "finance";

export interface Endpoint {
  rpcUrl: string;
  provider: JsonRpcProvider;
}

/** Two chains on which everything is deployed, whoever keeps them up. */
export interface Chains extends Record<Side, Endpoint> {
  deployment: Deployment;
}

/** Where trades are acted out: two chains and everybody who acts on them. */
export interface Stage extends Chains {
  /** Where documents are written. */
  directory: string;
  as(account: DevelopmentAccount): Actor;
  /** Waits until everything sent on either chain has arrived on the other. */
  settled(): Promise<void>;
}

export function createStage(chains: Chains, directory: string): Stage {
  const actors = new Map<DevelopmentAccount, Actor>();
  const stage: Stage = {
    ...chains,
    directory,
    as: (account) => {
      const actor = actors.get(account) ?? createActor(account, chains);
      actors.set(account, actor);
      return actor;
    },
    settled: async () => await eventuallyTrue("every message to arrive", async () => await isSettled(stage)),
  };
  return stage;
}

/** Whose messages go from a side to the other one. */
export function sendersOn({ deployment }: Pick<Chains, "deployment">, side: Side): string[] {
  const { tradeBook, evidenceNotary } = deployment.trade;
  return side === "trade" ? [tradeBook, evidenceNotary] : [deployment.finance.settlement];
}

/** The finance chain answers what it hears within the delivery itself, so its way is looked at second. */
export async function isSettled(stage: Stage): Promise<boolean> {
  for (const [from, to] of [
    ["trade", "finance"],
    ["finance", "trade"],
  ] as const) {
    const source = stage.as("stranger")[from].gateway;
    const destination = stage.as("stranger")[to].gateway;
    for (const sender of sendersOn(stage, from)) {
      if ((await source.headOf(sender)) !== (await destination.cursor(sender))) return false;
    }
  }
  return true;
}
