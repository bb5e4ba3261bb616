import type { JsonRpcProvider } from "ethers";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import type { Deployment } from "../../deploy/deployment.ts";
import { admitMembers, coverMembers } from "./onboarding/clearing.ts";
import { issueCoins } from "./onboarding/coins.ts";
import { accreditIssuers, appointClaimants, openCorridors } from "./onboarding/evidence.ts";
import { openExchange, reportRates } from "./onboarding/exchange.ts";
import { admitEntities } from "./onboarding/participants.ts";
import { staff } from "./onboarding/staff.ts";

export interface Providers {
  trade: JsonRpcProvider;
  finance: JsonRpcProvider;
}

/**
 * What would take the members of a consortium weeks: admits entities, accredits issuers, opens corridors, admits member
 * banks with their customers, issues coins against reserves, takes the banks' collateral, and opens the exchange.
 */
export async function onboard(deployment: Deployment, providers: Providers): Promise<void> {
  await Promise.all([onboardTrade(deployment, providers.trade), onboardFinance(deployment, providers.finance)]);
}

async function onboardTrade({ trade }: Deployment, provider: JsonRpcProvider): Promise<void> {
  const crew = staff(provider, (runner) => tradeContracts(trade, runner));
  await admitEntities((await crew("registrar")).participants);
  await Promise.all([accreditIssuers(crew), appointClaimants(crew)]);
}

async function onboardFinance(deployment: Deployment, provider: JsonRpcProvider): Promise<void> {
  const crew = staff(provider, (runner) => financeContracts(deployment.finance, runner));
  await admitEntities((await crew("registrar")).participants);
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  await Promise.all([
    openCorridors(crew),
    // A bank takes customers whose accounts are empty.
    admitMembers(crew, deployment).then(() => Promise.all([issueCoins(crew, now), openExchange(crew, deployment)])),
  ]);
  await Promise.all([coverMembers(crew, deployment), reportRates(crew, deployment, now)]);
}
