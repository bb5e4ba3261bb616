import type { FinanceContracts } from "../../../deploy/contracts.ts";
import type { Deployment } from "../../../deploy/deployment.ts";
import { coinAt } from "../../../deploy/deployment.ts";
import { currencyCode } from "../../../deploy/modules/finance-chain.ts";
import { type DevelopmentAccount, developmentWallet } from "../../../src/config/development.ts";
import { type DemoMember, demoCustomers, demoMembers, memberId } from "../entities.ts";
import { mined, type Staff } from "./staff.ts";

const MILLION = 1_000_000_000_000n;

/** What every member pledges, and may owe net, by currency, in millionths. */
export const caps = { USD: 2n * MILLION, CNY: 14n * MILLION } as const;

/** What every member has beside its pledge, to pay from. */
export const liquidity = { USD: 3n * MILLION, CNY: 21n * MILLION } as const;

/** Seconds before which no cycle is closed, and after which anybody may close it. */
const CYCLE_AGES = [1, 86_400] as const;

const currencies = ["USD", "CNY"] as const;

/** Registrar and operator admit the members and name the one that stands for the escrows; the banks take their customers. */
export async function admitMembers(staff: Staff<FinanceContracts>, { finance }: Deployment): Promise<void> {
  const { subAccounts } = await staff("registrar");
  await mined(...demoMembers.map((owner) => subAccounts.admitMember(developmentWallet(owner).address)));

  const operator = await staff("operator");
  const agent = memberId("settlementAgent");
  await mined(
    operator.subAccounts.assign(finance.settlement, agent),
    operator.clearingHouse.setSettlementAgent(agent),
    operator.clearingHouse.setCycleAges(...CYCLE_AGES),
  );
  const customers = Object.entries(demoCustomers) as [DevelopmentAccount, DemoMember][];
  await Promise.all(
    customers.map(async ([customer, bank]) => {
      await mined((await staff(bank)).subAccounts.invite(developmentWallet(customer).address));
      await mined((await staff(customer)).subAccounts.join(memberId(bank)));
    }),
  );
}

/** Every member pays in and pledges; RISK sets its caps, as high as the pledge. The agent has none. */
export async function coverMembers(staff: Staff<FinanceContracts>, deployment: Deployment): Promise<void> {
  const { clearingHouse } = await staff("risk");
  await Promise.all(
    demoMembers.map(async (owner) => {
      const own = await staff(owner);
      for (const currency of currencies) {
        const coin = coinAt(deployment, currency);
        const pledge = caps[currency];
        const amount = pledge + liquidity[currency];
        await mined(
          own.coin(currency).approve(deployment.finance.subAccounts, amount),
          own.subAccounts.deposit(coin, amount),
          own.subAccounts.pledge(coin, pledge),
        );
        if (owner !== "settlementAgent") {
          await mined(clearingHouse.setCap(memberId(owner), currencyCode(currency), pledge));
        }
      }
    }),
  );
}
