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
  trade: z.strictObject({ ...end, documentRegistry: address, tradeBook: address, evidenceNotary: address }),
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
  }),
});

export type Deployment = z.infer<typeof deploymentSchema>;

/** @throws Error when no coin of this currency (ISO 4217) is deployed. */
export function coinAt({ finance }: Pick<Deployment, "finance">, currency: string): string {
  const coin = finance.coins[currency];
  if (coin === undefined) throw new Error(`No coin of ${currency} is deployed`);
  return coin;
}
