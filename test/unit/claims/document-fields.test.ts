import { expect } from "chai";
import invoiceExample from "../../../schemas/examples/commercial-invoice.json" with { type: "json" };
import receiptExample from "../../../schemas/examples/warehouse-receipt.json" with { type: "json" };
import { invoiceFields, warehouseReceiptFields } from "../../../src/claims/document-fields.ts";
import { fingerprintsOf } from "../../../src/claims/fingerprint.ts";
import { commercialInvoice } from "../../../src/documents/kinds/commercial-invoice.ts";
import { warehouseReceipt } from "../../../src/documents/kinds/warehouse-receipt.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const key = { id: 1, secret: new Uint8Array(32).fill(7) };
const invoice = commercialInvoice.parse(invoiceExample);
const receipt = warehouseReceipt.parse(receiptExample);

describe("what is claimed of a document", () => {
  it("is what somebody types from the paper: an invoice", () => {
    const typed = {
      seller: "8945 HPUE XPORTER 00095",
      buyer: "8945hpuimporter00057",
      number: "ppi/inv/20261115/07",
      issued: "15 November 2026",
      currency: "usd",
      amount: grouped(invoice.totals.payableAmount),
    };
    expect(fingerprintsOf("invoice", invoiceFields(invoice), key)).to.deep.equal(fingerprintsOf("invoice", typed, key));
  });

  it("is what somebody types from the paper: a warehouse receipt", () => {
    const typed = {
      warehouse: "8945HPUWAREHOUSE0018",
      depositor: "8945HPUEXPORTER00095",
      number: "WBL R 2026 009112",
      weight: "120,5",
      unit: "kgm",
      issued: "15.11.2026",
    };
    const found = fingerprintsOf("warehouse-receipt", warehouseReceiptFields(receipt), key);
    expect(found).to.deep.equal(fingerprintsOf("warehouse-receipt", typed, key));
  });

  it("has amounts of three decimals, which on paper could be thousands", () => {
    const dinar = { ...invoice, currency: "KWD", totals: { ...invoice.totals, payableAmount: "125.500" } };
    const typed = { ...invoiceFields(dinar), amount: "125.5" };
    expect(fingerprintsOf("invoice", invoiceFields(dinar), key)).to.deep.equal(fingerprintsOf("invoice", typed, key));
  });

  it("needs the parties' LEIs", async () => {
    const { lei: _, ...buyer } = invoice.buyer;
    const error = await thrown("CLAIM_FIELD", () => invoiceFields({ ...invoice, buyer }));
    expect(error.fields).to.deep.equal({ field: "buyer" });
    await thrown("CLAIM_FIELD", () =>
      warehouseReceiptFields({ ...receipt, depositor: { ...receipt.depositor, lei: undefined } }),
    );
  });
});

function grouped(amount: string): string {
  return amount.replace(/\B(?=(\d{3})+\.)/g, ",");
}
