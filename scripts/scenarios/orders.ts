import { encodeBytes32String, ZeroHash } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { IFxDesk, IPayments } from "../../types/ethers-contracts/contracts/finance/payments/Payments.ts";
import type { DemoCurrency } from "../local/onboarding/coins.ts";
import { type ScenarioContext, timeOf } from "./context.ts";

const VALID_SECONDS = 600;
const NORMAL = 2;
const NOBODY = `0x${"00".repeat(20)}`;

/** A payment in one currency, drawn on documents. */
export interface PlainPayment {
  payer: DevelopmentAccount;
  payee: DevelopmentAccount;
  currency: DemoCurrency;
  amount: bigint;
  endToEndId: string;
  documents: readonly string[];
}

/** The order that a payer gives to `Payments`. */
export async function orderOf(
  { deployment, finance }: ScenarioContext,
  { payer, payee, currency, amount, endToEndId, documents }: PlainPayment,
): Promise<IPayments.OrderStruct> {
  const coin = coinAt(deployment, currency);
  return {
    payer: developmentWallet(payer).address,
    payee: developmentWallet(payee).address,
    payerCoin: coin,
    payeeCoin: coin,
    amount,
    maxDebit: amount,
    endToEndId: encodeBytes32String(endToEndId),
    message: ZeroHash,
    priority: NORMAL,
    expiry: (await timeOf(finance)) + VALID_SECONDS,
    documents: [...documents],
  };
}

/** In the place of a quote, where nothing is converted. */
export const noQuote: IFxDesk.QuoteStruct = {
  provider: NOBODY,
  taker: NOBODY,
  sellCoin: NOBODY,
  sellAmount: 0n,
  buyCoin: NOBODY,
  buyAmount: 0n,
  nonce: ZeroHash,
  expiry: 0,
};
