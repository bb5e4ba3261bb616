import { id } from "ethers/hash";
import type { FinanceContracts } from "../../../deploy/contracts.ts";
import { type DevelopmentAccount, developmentWallet } from "../../../src/config/development.ts";
import { demoCustomers, demoMembers } from "../entities.ts";
import { caps, liquidity } from "./clearing.ts";
import { mined, type Staff } from "./staff.ts";

export type DemoCurrency = "USD" | "CNY";

export const demoCurrencies: readonly DemoCurrency[] = ["USD", "CNY"];

/** What every customer but the exporter starts with, in millionths. */
export const customerFunds = { USD: 1_000_000_000_000n, CNY: 10_000_000_000_000n } as const;

/** Who issues a coin, and who attests its reserve. */
export const issuers = {
  USD: { issuer: "issuerUsd", attestor: "reservesUsd" },
  CNY: { issuer: "issuerCnh", attestor: "reservesCnh" },
} as const satisfies Record<DemoCurrency, Record<"issuer" | "attestor", DevelopmentAccount>>;

/** What the reserve is above the coins that are handed out at first: room for a tenth more. */
const SPARE = 10n;
const DAY = 86_400;

/** Each coin's reserve is attested and its issuer, as its own minter, hands out what everybody starts with. */
export async function issueCoins(staff: Staff<FinanceContracts>, now: number): Promise<void> {
  await Promise.all(
    demoCurrencies.map(async (currency) => {
      const shares = firstHolders(currency);
      const supply = shares.reduce((sum, { amount }) => sum + amount, 0n);
      const reserve = supply + supply / SPARE;
      await attestReserve(staff, currency, reserve, now);

      const { issuer } = issuers[currency];
      const minter = developmentWallet(issuer).address;
      const coin = (await staff(issuer)).coin(currency);
      await mined(
        coin.setMinter(minter, reserve, reserve, DAY),
        ...shares.flatMap(({ holder, amount }) => {
          const { address } = developmentWallet(holder);
          return [coin.setDestination(minter, address, true), coin.mint(address, amount)];
        }),
      );
    }),
  );
}

/** The attestor states what the reserve holds, in the coin's smallest unit, as seen at `asOf` in Unix seconds. */
export async function attestReserve(
  staff: Staff<FinanceContracts>,
  currency: DemoCurrency,
  reserve: bigint,
  asOf: number,
): Promise<void> {
  const own = (await staff(issuers[currency].attestor)).coin(currency);
  await mined(own.attestReserve(reserve, asOf, id(`reserve of ${currency} at ${asOf}`)));
}

function firstHolders(currency: DemoCurrency): { holder: DevelopmentAccount; amount: bigint }[] {
  const customers = (Object.keys(demoCustomers) as DevelopmentAccount[]).filter((account) => account !== "seller");
  return [
    ...demoMembers.map((holder) => ({ holder, amount: caps[currency] + liquidity[currency] })),
    ...customers.map((holder) => ({ holder, amount: customerFunds[currency] })),
  ];
}
