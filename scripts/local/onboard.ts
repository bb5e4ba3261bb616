import type { ContractTransactionResponse } from "ethers/contract";
import type { Provider } from "ethers/providers";
import { hexlify, toUtf8Bytes } from "ethers/utils";
import { financeContracts, tradeContracts } from "../../deploy/contracts.ts";
import type { Deployment } from "../../deploy/deployment.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { Participants } from "../../types/ethers-contracts/contracts/access/Participants.ts";
import { completeLei, demoEntities } from "./entities.ts";

export interface Providers {
  trade: Provider;
  finance: Provider;
}

/** Coins that the demo's buyer starts with, in the smallest unit: a million dollars. */
export const BUYER_FUNDS = 1_000_000_000_000n;

/** What registrar, accreditor and issuer would do over weeks: admits the demo's entities, accredits issuers, mints coins. */
export async function onboard(deployment: Deployment, providers: Providers): Promise<void> {
  await Promise.all([
    onboardTrade(deployment.trade, providers.trade),
    onboardFinance(deployment.finance, providers.finance),
  ]);
}

async function onboardTrade(at: Deployment["trade"], provider: Provider): Promise<void> {
  await admitAll(tradeContracts(at, as("registrar", provider)).participants, []);
  const { documentRegistry } = tradeContracts(at, as("accreditor", provider));
  for (const { accounts, issues } of demoEntities) {
    for (const account of accounts) {
      for (const type of issues) {
        await mined(documentRegistry.setAccreditation(developmentWallet(account).address, type, true));
      }
    }
  }
}

async function onboardFinance(at: Deployment["finance"], provider: Provider): Promise<void> {
  await admitAll(financeContracts(at, as("registrar", provider)).participants, [at.settlement]);
  const { stablecoin } = financeContracts(at, as("issuer", provider));
  await mined(stablecoin.mint(developmentWallet("buyer").address, BUYER_FUNDS));
}

/** The first entity operates the consortium: the contracts that hold money act for it. */
async function admitAll(participants: Participants, systemAccounts: readonly string[]): Promise<void> {
  for (const [index, entity] of demoEntities.entries()) {
    const lei = ascii(completeLei(entity.leiBody));
    await mined(participants.admit(lei, ascii(entity.country)));
    const accounts = entity.accounts.map((account) => developmentWallet(account).address);
    for (const account of index === 0 ? [...accounts, ...systemAccounts] : accounts) {
      await mined(participants.linkAccount(account, lei));
    }
  }
}

function as(account: DevelopmentAccount, provider: Provider) {
  return developmentWallet(account).connect(provider);
}

function ascii(text: string): string {
  return hexlify(toUtf8Bytes(text));
}

async function mined(sent: Promise<ContractTransactionResponse>): Promise<void> {
  await (await sent).wait();
}
