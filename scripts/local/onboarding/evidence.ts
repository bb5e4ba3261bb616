import { ZeroAddress } from "ethers";
import type { FinanceContracts, TradeContracts } from "../../../deploy/contracts.ts";
import { currencyCode } from "../../../deploy/modules/finance-chain.ts";
import { developmentWallet } from "../../../src/config/development.ts";
import { asciiHex, demoEntities, demoMembers } from "../entities.ts";
import { mined, type Staff } from "./staff.ts";

const MILLION = 1_000_000_000_000n;

/** What a payment, an entity in a day and everybody in a day may be, in millionths. */
export const corridorLimits = {
  perTransaction: 10n * MILLION,
  perEntityPerDay: 100n * MILLION,
  perDay: 1_000n * MILLION,
};

/** What ACCREDITOR does: says who may issue which document. */
export async function accreditIssuers(staff: Staff<TradeContracts>): Promise<void> {
  const { documentRegistry } = await staff("accreditor");
  await mined(
    ...demoEntities.flatMap(({ accounts, issues }) =>
      accounts.flatMap((account) =>
        issues.map((type) => documentRegistry.setAccreditation(developmentWallet(account).address, type, true)),
      ),
    ),
  );
}

/** `IClaimRegistry.Kind`. */
const CLAIM_KINDS = { invoice: 1, warehouseReceipt: 2, equipment: 3, dataAsset: 4 } as const;

/** What ACCREDITOR does besides: says who may claim which kind of thing, and who calibrates devices. */
export async function appointClaimants(staff: Staff<TradeContracts>): Promise<void> {
  const { claimRegistry, deviceRegistry } = await staff("accreditor");
  const claimants = demoMembers.filter((member) => member.startsWith("bank"));
  const { invoice, warehouseReceipt, equipment, dataAsset } = CLAIM_KINDS;
  await mined(
    deviceRegistry.setCalibrator(developmentWallet("inspector").address, true),
    ...[equipment, dataAsset].map((kind) =>
      claimRegistry.setClaimant(developmentWallet("shipOwner").address, kind, true),
    ),
    ...claimants.flatMap((bank) =>
      [invoice, warehouseReceipt].map((kind) => claimRegistry.setClaimant(developmentWallet(bank).address, kind, true)),
    ),
  );
}

/** What FOREX does: opens every corridor between the countries of the customers, in both currencies. */
export async function openCorridors(staff: Staff<FinanceContracts>): Promise<void> {
  const { corridors } = await staff("forex");
  const rule = { ...corridorLimits, requiredTypes: [0, 0, 0, 0], approver: ZeroAddress, open: true } as const;
  const countries = ["CN", "DE", "SG"].map(asciiHex);
  await mined(
    ...countries.flatMap((from) =>
      countries.flatMap((to) =>
        ["USD", "CNY"].map((currency) =>
          corridors.setRule(from, to, currencyCode(currency), { ...rule, requiredTypes: [0, 0, 0, 0] }),
        ),
      ),
    ),
  );
}
