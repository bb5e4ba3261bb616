import { z } from "zod";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

const end = {
  chainId: z.int().positive(),
  authority: address,
  participants: address,
  gateway: address,
  headers: address,
  lightClient: address,
};

/** Where everything is, once it is deployed. */
export const deploymentSchema = z.strictObject({
  trade: z.strictObject({
    ...end,
    documentRegistry: address,
    tradeBook: address,
    evidenceNotary: address,
    claimRegistry: address,
    titleRegistry: address,
    titleOffers: address,
    deviceRegistry: address,
  }),
  finance: z.strictObject({
    ...end,
    businessCalendar: address,
    /** By currency, ISO 4217. */
    coins: z.record(z.string(), address),
    rateFeed: address,
    corridors: address,
    evidenceLedger: address,
    subAccounts: address,
    clearingHouse: address,
    fxDesk: address,
    payments: address,
    settlement: address,
    titleFacts: address,
    titlePayments: address,
  }),
});

export type Deployment = z.infer<typeof deploymentSchema>;

/** @throws Error when no coin of this currency (ISO 4217) is deployed. */
export function coinAt({ finance }: Pick<Deployment, "finance">, currency: string): string {
  const coin = finance.coins[currency];
  if (coin === undefined) throw new Error(`No coin of ${currency} is deployed`);
  return coin;
}

/** Every contract on a chain by its name; a coin's is that of its currency. */
export function contractsOn(deployment: Deployment, chain: keyof Deployment): { name: string; address: string }[] {
  const { trade, finance } = deployment;
  const { chainId: _, ...contracts } = chain === "trade" ? { ...trade, coins: {} } : finance;
  const { coins, ...others } = contracts;
  const named = Object.entries(coins).map(([currency, address]) => [`coin ${currency}`, address] as const);
  return [...Object.entries(others), ...named].map(([name, address]) => ({ name, address }));
}
