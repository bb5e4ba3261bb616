import { type ErrorDescription, isError } from "ethers";
import { loadAbi } from "../../src/chains/abis.ts";

const abis = [
  "access/Participants",
  "finance/clearing/ClearingHouse",
  "finance/clearing/SubAccounts",
  "finance/coin/Stablecoin",
  "finance/evidence/EvidenceLedger",
  "finance/fx/FxDesk",
  "finance/payments/Payments",
  "finance/payments/Settlement",
  "trade/claims/ClaimRegistry",
].map(loadAbi);

/** The error that a contract refuses a call with. @throws Error when it does not refuse it, or for another reason. */
export async function refusalOf(attempt: Promise<unknown>): Promise<ErrorDescription> {
  try {
    await attempt;
  } catch (caught) {
    const data = isError(caught, "CALL_EXCEPTION") ? caught.data : null;
    const found = abis.map((abi) => abi.parseError(data ?? "0x")).find((error) => error !== null);
    if (found !== undefined && found !== null) return found;
    throw caught;
  }
  throw new Error("The contract did not refuse it");
}
