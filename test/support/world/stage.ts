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

/** The finance chain answers what it hears within the delivery itself, so its way is looked at second. */
export async function isSettled(stage: Stage): Promise<boolean> {
  const { tradeBook } = stage.deployment.trade;
  const { settlement } = stage.deployment.finance;
  const { trade, finance } = stage.as("stranger");
  if ((await trade.gateway.headOf(tradeBook)) !== (await finance.gateway.cursor(tradeBook))) return false;
  return (await finance.gateway.headOf(settlement)) === (await trade.gateway.cursor(settlement));
}
