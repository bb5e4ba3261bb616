import type { Deployment } from "../../../deploy/deployment.ts";
import { type LocalChain, startLocalChain } from "../../../scripts/local/chains.ts";
import { deployLocally } from "../../../scripts/local/network.ts";
import { onboard } from "../../../scripts/local/onboard.ts";
import { EDR, type Engine } from "./engines.ts";
import type { Side } from "./stage.ts";

export interface DeployedChains extends Record<Side, LocalChain> {
  deployment: Deployment;
  stop(): Promise<void>;
}

/** Two automined chains behind JSON-RPC, deployed by the operator's modules, with the demo's entities admitted. */
export async function startDeployedChains(engine: Engine = EDR): Promise<DeployedChains> {
  const trade = await startLocalChain("trade", 0);
  const finance = await engine.startFinance();
  const stop = async () => {
    await trade.stop();
    await finance.stop();
  };
  try {
    const deployment = await deployLocally(trade, finance);
    await onboard(deployment, { trade: trade.provider, finance: finance.provider });
    return { trade, finance, deployment, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
