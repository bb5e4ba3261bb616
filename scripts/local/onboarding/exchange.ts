import { AbiCoder, keccak256 } from "ethers";
import type { FinanceContracts } from "../../../deploy/contracts.ts";
import { coinAt, type Deployment } from "../../../deploy/deployment.ts";
import { currencyCode } from "../../../deploy/modules/finance-chain.ts";
import { developmentWallet } from "../../../src/config/development.ts";
import { mined, type Staff } from "./staff.ts";

const ONE = 10n ** 18n;
const reporters = ["rateReporter1", "rateReporter2", "rateReporter3"] as const;
/** Reports count for a day; a median may move by 2 %; two reporters make one. */
const settings = { heartbeat: 86_400, band: 200, quorum: 2, rebaseRounds: 3 };
/** Half a per cent: further from its unit, a coin is not converted. */
const PEG_THRESHOLD = 50;
/** One per cent: further from the market, a quote is not taken. */
const TOLERANCE = 100;

/** What one dollar costs in yuan, times 10^18. */
export const USD_CNY = (71_200n * ONE) / 10_000n;

const coder = AbiCoder.defaultAbiCoder();

/** Id of a pair of currencies in the feed. */
export function pairOf(base: string, quote: string): string {
  return keccak256(coder.encode(["bytes3", "bytes3"], [currencyCode(base), currencyCode(quote)]));
}

/** Id of a coin's market price in its own currency. */
export function pegOf(coin: string): string {
  return keccak256(coder.encode(["address"], [coin]));
}

/**
 * OPERATOR names pairs, reporters, coins and how far a quote may be from the market; the reporters report. Then the provider
 * is admitted, who must be a member already.
 */
export async function openExchange(staff: Staff<FinanceContracts>, deployment: Deployment): Promise<void> {
  const { rateFeed, fxDesk } = await staff("operator");
  await mined(
    ...Object.keys(marketRates(deployment)).flatMap((pair) => [
      rateFeed.setPair(pair, settings),
      ...reporters.map((reporter) => rateFeed.setReporter(pair, developmentWallet(reporter).address, true)),
    ]),
    ...["USD", "CNY"].map((currency) => fxDesk.setCoin(coinAt(deployment, currency), PEG_THRESHOLD)),
    fxDesk.setTolerance(currencyCode("USD"), currencyCode("CNY"), TOLERANCE),
    fxDesk.setProvider(developmentWallet("fxProvider").address, true),
  );
}

/** All reporters report the exchange rate and what both coins are worth, as observed at `now` in Unix seconds. */
export async function reportRates(staff: Staff<FinanceContracts>, deployment: Deployment, now: number): Promise<void> {
  const rates = Object.entries(marketRates(deployment));
  await Promise.all(
    reporters.map(async (reporter) => {
      const own = await staff(reporter);
      await mined(...rates.map(([pair, value]) => own.rateFeed.report(pair, value, now)));
    }),
  );
}

function marketRates(deployment: Deployment): Record<string, bigint> {
  return {
    [pairOf("USD", "CNY")]: USD_CNY,
    [pegOf(coinAt(deployment, "USD"))]: ONE,
    [pegOf(coinAt(deployment, "CNY"))]: ONE,
  };
}
