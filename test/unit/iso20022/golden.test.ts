import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import {
  type BusinessMessage,
  buildMessage,
  DEFINITIONS,
  parseDocument,
  parseMessage,
} from "../../../src/iso20022/business-message.ts";
import type { IsoDocument, Original } from "../../../src/iso20022/messages/documents.ts";
import {
  BANK_A,
  BANK_B,
  LEDGER,
  notification,
  OPERATOR,
  statement,
  transfer,
} from "../../support/fakes/iso-messages.ts";
import { schemasOrSkip } from "../../support/fakes/schemas.ts";
import { vectorFileOrSkip } from "../../support/fakes/vectors.ts";

const FOLDER = new URL("../../vectors/golden/iso20022/", import.meta.url);

const original: Original = {
  messageId: transfer.id,
  definition: "pacs.009.001.08",
  endToEndId: transfer.endToEndId,
  instructionId: transfer.id,
  uetr: "8a562c67-ca16-48ba-b074-65581be6f001",
};
const answer = (document: IsoDocument): BusinessMessage => ({ from: { lei: LEDGER }, to: { lei: OPERATOR }, document });

/** What the files say, by their names. A change of one is a change for every ledger that reads us. */
const MESSAGES: Record<string, BusinessMessage> = {
  "pacs.009.001.08": { from: { lei: OPERATOR }, to: { lei: LEDGER }, possibleDuplicate: true, document: transfer },
  "pacs.008.001.08": {
    from: { lei: BANK_A },
    to: { lei: BANK_B },
    document: {
      type: "CustomerCreditTransfer",
      id: "HPPAY-7f3a",
      createdAt: "2026-11-22T09:29:00+08:00",
      clearingSystem: "ECNY",
      instructionId: "HPPAY-7f3a",
      endToEndId: "INV-2026-0017",
      uetr: "7f3a62c6-7ca1-4ba0-8746-5581be6f0017",
      amount: { currency: "USD", cents: 500_000n },
      settlementDate: "2026-11-22",
      charges: "SHAR",
      debtor: { name: "汇通贸易 & Sons <Shanghai>", lei: "529900HUANGPUBUYR097" },
      debtorAccount: { id: "0x7f3a", currency: "USD" },
      debtorAgent: { lei: BANK_A, bic: "BKAACNBJXXX" },
      creditorAgent: { lei: BANK_B },
      creditor: { lei: "529900HUANGPUSELL051" },
      remittance: ["Invoice 2026-0017", "Bill of lading HLCU-1"],
    },
  },
  "pacs.002.001.10": answer({
    type: "PaymentStatusReport",
    id: "CL000000000001",
    createdAt: "2026-11-22T09:30:01Z",
    original,
    status: "RJCT",
    reason: { code: "AM04", text: ["The debtor's account has not enough"] },
  }),
  "pacs.004.001.09": answer({
    type: "PaymentReturn",
    id: "CL000000000009",
    createdAt: "2026-11-22T10:00:00Z",
    clearingSystem: "ECNY",
    returnId: "CL000000000009",
    original,
    originalAmount: transfer.amount,
    amount: transfer.amount,
    settlementDate: "2026-11-22",
    reason: { code: "FOCR", text: ["Reversed by the operator"] },
  }),
  "camt.054.001.08": { from: { lei: LEDGER }, to: { lei: BANK_B }, document: notification },
  "camt.053.001.08": { from: { lei: LEDGER }, to: { lei: BANK_B }, document: statement },
};

const golden = (definition: string) => readFileSync(new URL(`${definition}.xml`, FOLDER), "utf8");
const tight = (xml: string) => xml.replace(/>\s+</g, "><").trim();

describe("golden ISO 20022 messages", () => {
  it("has one of every definition", () => {
    expect(Object.keys(MESSAGES)).to.have.members([...DEFINITIONS]);
    expect(readdirSync(FOLDER)).to.have.members(DEFINITIONS.map((definition) => `${definition}.xml`));
  });

  for (const [definition, message] of Object.entries(MESSAGES)) {
    it(`reads and writes ${definition} to the letter`, () => {
      expect(parseMessage(golden(definition))).to.deep.equal(message);
      expect(tight(buildMessage(message))).to.equal(tight(golden(definition)));
    });
  }

  it("has all of them valid by the genuine schemas", function () {
    const schemas = schemasOrSkip(this);
    try {
      for (const definition of DEFINITIONS) parseMessage(golden(definition), schemas);
    } finally {
      schemas.dispose();
    }
  });

  it("reads the sample of an instruction that others wrote", function () {
    const file = vectorFileOrSkip(this, "iso20022/samples/pacs.009.001.08.xml");
    expect(parseDocument(readFileSync(file, "utf8"))).to.deep.include({
      type: "InstitutionCreditTransfer",
      id: "NET20250801C01CNY0001",
      amount: { currency: "CNY", cents: 125_000_000n },
      debtor: { bic: "BKAACNBJXXX" },
      creditorAccount: { id: "CENTRAL-LEDGER-BKB" },
      uetr: "8a562c67-ca16-48ba-b074-65581be6f001",
    });
  });

  it("reads the sample of the booking that answers it", function () {
    const file = vectorFileOrSkip(this, "iso20022/samples/camt.054.001.08.xml");
    const document = parseDocument(readFileSync(file, "utf8"));
    if (document.type !== "DebitCreditNotification") throw new Error(document.type);
    expect(document.account).to.deep.equal({ id: "CENTRAL-LEDGER-BKB", currency: "CNY" });
    expect(document.entries).to.have.length(1);
    expect(document.entries[0]).to.deep.include({ direction: "CRDT", reversal: false, status: "BOOK" });
    expect(document.entries[0]?.references.uetr).to.equal("8a562c67-ca16-48ba-b074-65581be6f001");
  });
});
