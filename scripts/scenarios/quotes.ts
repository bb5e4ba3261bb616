import { toBeHex } from "ethers";
import { financeContracts } from "../../deploy/contracts.ts";
import { coinAt } from "../../deploy/deployment.ts";
import { type DevelopmentAccount, developmentWallet } from "../../src/config/development.ts";
import type { IFxDesk } from "../../types/ethers-contracts/contracts/finance/fx/FxDesk.ts";
import type { DemoCurrency } from "../local/onboarding/coins.ts";
import { pairOf, reportRates } from "../local/onboarding/exchange.ts";
import { staff } from "../local/onboarding/staff.ts";
import { actor, type ScenarioContext, timeOf } from "./context.ts";

const ONE = 10n ** 18n;
const WHOLE = 10_000n;
const QUOTE_SECONDS = 300;

const quoteType = {
  Quote: [
    { name: "provider", type: "address" },
    { name: "taker", type: "address" },
    { name: "sellCoin", type: "address" },
    { name: "sellAmount", type: "uint128" },
    { name: "buyCoin", type: "address" },
    { name: "buyAmount", type: "uint128" },
    { name: "nonce", type: "bytes32" },
    { name: "expiry", type: "uint40" },
  ],
};

/** What a taker buys dollars for, in yuan. */
export interface DollarQuote {
  quote: IFxDesk.QuoteStruct & { sellAmount: bigint; buyAmount: bigint };
  signature: string;
  /** Yuan for a dollar, as the reporters agree and times 10^18. */
  market: bigint;
  /** What the provider takes above the market, in basis points. */
  spreadBps: bigint;
}

/** The reporters report anew, as they would all day long. */
export async function refreshRates({ deployment, finance }: ScenarioContext): Promise<void> {
  const crew = staff(finance, (runner) => financeContracts(deployment.finance, runner));
  await reportRates(crew, deployment, (await finance.getBlock("latest"))?.timestamp ?? 0);
}

/**
 * The provider sells dollars for yuan at the market's rate and its spread, rounded up to a millionth. Nonces that follow each
 * other share a slot of the desk.
 */
export async function quoteDollars(
  { deployment, finance }: ScenarioContext,
  taker: DevelopmentAccount,
  buyAmount: bigint,
  spreadBps: bigint,
  nonce = BigInt(Date.now()),
): Promise<DollarQuote> {
  const provider = actor("fxProvider", finance);
  const { rateFeed } = financeContracts(deployment.finance, finance);
  const { value: market } = await rateFeed.rate(pairOf("USD", "CNY"));
  const exact = buyAmount * market * (WHOLE + spreadBps);
  const sellAmount = (exact + ONE * WHOLE - 1n) / (ONE * WHOLE);
  const coin = (currency: DemoCurrency) => coinAt(deployment, currency);
  const quote = {
    provider: provider.address,
    taker: developmentWallet(taker).address,
    sellCoin: coin("CNY"),
    sellAmount,
    buyCoin: coin("USD"),
    buyAmount,
    nonce: toBeHex(nonce, 32),
    expiry: (await timeOf(finance)) + QUOTE_SECONDS,
  };
  const domain = {
    name: "Huangpu FxDesk",
    version: "1",
    chainId: deployment.finance.chainId,
    verifyingContract: deployment.finance.fxDesk,
  };
  return { quote, signature: await provider.signTypedData(domain, quoteType, quote), market, spreadBps };
}
