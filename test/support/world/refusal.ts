import { expect } from "chai";
import type { ErrorDescription } from "ethers/abi";
import { loadAbi } from "../../../src/chains/abis.ts";

const abis = [
  "access/Participants",
  "bridge/AttestedHeaders",
  "bridge/Gateway",
  "bridge/LightClient",
  "finance/clearing/ClearingHouse",
  "finance/clearing/SubAccounts",
  "finance/coin/Stablecoin",
  "finance/evidence/Corridors",
  "finance/evidence/EvidenceLedger",
  "finance/fx/FxDesk",
  "finance/fx/RateFeed",
  "finance/payments/Payments",
  "finance/payments/Settlement",
  "trade/claims/ClaimRegistry",
  "trade/documents/DocumentRegistry",
  "trade/sales/TradeBook",
].map(loadAbi);

/** The error that a call or transaction reverts with. */
export async function refusal(attempt: Promise<unknown>): Promise<ErrorDescription> {
  try {
    await attempt;
  } catch (caught) {
    const data = (caught as { data?: string }).data;
    const found = abis.map((abi) => abi.parseError(data ?? "0x")).find((error) => error !== null);
    if (found === undefined || found === null) throw caught;
    return found;
  }
  throw new Error("It was not refused");
}

/** Expects a custom error with exactly these arguments. */
export async function expectRefusal(attempt: Promise<unknown>, name: string, ...args: unknown[]): Promise<void> {
  const error = await refusal(attempt);
  expect(error.name).to.equal(name);
  expect([...error.args]).to.deep.equal(args);
}
