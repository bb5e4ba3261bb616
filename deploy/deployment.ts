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
  trade: z.strictObject({ ...end, documentRegistry: address, tradeBook: address }),
  finance: z.strictObject({ ...end, settlement: address, stablecoin: address }),
});

export type Deployment = z.infer<typeof deploymentSchema>;
