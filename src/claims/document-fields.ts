import { HuangpuError } from "../core/errors.ts";
import type { CommercialInvoice } from "../documents/kinds/commercial-invoice.ts";
import type { WarehouseReceipt } from "../documents/kinds/warehouse-receipt.ts";
import type { ClaimFields } from "./claim-kinds.ts";

/** What identifies an invoice. @throws HuangpuError CLAIM_FIELD when seller or buyer is named without LEI. */
export function invoiceFields(invoice: CommercialInvoice): ClaimFields<"invoice"> {
  return {
    seller: leiOf("seller", invoice.seller),
    buyer: leiOf("buyer", invoice.buyer),
    number: invoice.invoiceNumber,
    issued: invoice.issueDate,
    currency: invoice.currency,
    amount: decimal(invoice.totals.payableAmount),
  };
}

/** What identifies a warehouse receipt. @throws HuangpuError CLAIM_FIELD when keeper or depositor is named without LEI. */
export function warehouseReceiptFields(receipt: WarehouseReceipt): ClaimFields<"warehouse-receipt"> {
  const { value, unit } = receipt.totals.grossWeight;
  return {
    warehouse: leiOf("warehouseKeeper", receipt.warehouseKeeper),
    depositor: leiOf("depositor", receipt.depositor),
    number: receipt.receiptNumber,
    weight: decimal(value),
    unit,
    issued: receipt.issueDate,
  };
}

function leiOf(field: string, party: { lei?: string | undefined }): string {
  if (party.lei === undefined) throw new HuangpuError("CLAIM_FIELD", `${field} has no LEI`, { fields: { field } });
  return party.lei;
}

/** A document's decimals have a point and no groups: with one more digit, three of them are no group to anybody. */
function decimal(text: string): string {
  return text.includes(".") ? `${text}0` : text;
}
