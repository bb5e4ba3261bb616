import { expect } from "chai";
import { buildMessage, parseDocument, parseMessage } from "../../../src/iso20022/business-message.ts";
import type { IsoErrorCode } from "../../../src/iso20022/iso-error.ts";
import type { IsoDocument } from "../../../src/iso20022/messages/documents.ts";
import {
  BANK_A,
  entry,
  LEDGER,
  notification,
  OPERATOR,
  paymentMessage,
  paymentXml,
  statement,
  transfer,
} from "../../support/fakes/iso-messages.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const good = paymentXml();
const parties = { from: { lei: LEDGER }, to: { lei: OPERATOR } };
const xmlOf = (document: IsoDocument) => buildMessage({ ...parties, document });
const PAYMENT = "/Document/FICdtTrf/CdtTrfTxInf";

/** What is replaced in a payment by what, and the error with the field that it names. */
type Case = readonly [name: string, from: string | RegExp, to: string, code: IsoErrorCode, path: string];

const STRUCTURE: readonly Case[] = [
  ["an unknown version", /pacs\.009\.001\.08"/, 'pacs.009.001.09"', "ISO_UNSUPPORTED", "/Document"],
  ["another message", /pacs\.009\.001\.08"/, 'pain.001.001.09"', "ISO_UNSUPPORTED", "/Document"],
  ["a namespace of somebody else", /urn:iso[^"]*pacs/, "urn:evil:pacs", "ISO_UNSUPPORTED", "/Document"],
  ["no namespace", / xmlns="[^"]*pacs[^"]*"/, ' xmlns=""', "ISO_UNSUPPORTED", "/Document"],
  ["another version of the header", "head.001.001.02", "head.001.001.03", "ISO_UNSUPPORTED", "/AppHdr"],
  ["another envelope", "nvlp.001.001.01", "nvlp.001.001.02", "ISO_UNSUPPORTED", "/BizMsgEnvlp"],
  ["no header", /<Hdr>.*<\/Hdr>/, "", "ISO_SCHEMA", "/BizMsgEnvlp"],
  ["two headers", /(<Hdr>.*<\/Hdr>)/, "$1$1", "ISO_SCHEMA", "/BizMsgEnvlp"],
  ["two documents", /(<Document.*<\/Document>)/, "$1$1", "ISO_SCHEMA", "/BizMsgEnvlp/Doc"],
  ["an unknown element", "<GrpHdr>", "<GrpHdr><Evil/>", "ISO_SCHEMA", "/Document/FICdtTrf/GrpHdr/Evil"],
  [
    "the name of a property of objects",
    "<GrpHdr>",
    "<GrpHdr><constructor/>",
    "ISO_SCHEMA",
    "/Document/FICdtTrf/GrpHdr/constructor",
  ],
  ["an element of another namespace", "<SttlmPrty>", '<SttlmPrty xmlns="urn:x">', "ISO_SCHEMA", `${PAYMENT}/SttlmPrty`],
  ["an element twice", /(<Dbtr>.*<\/Dbtr>)/, "$1$1", "ISO_SCHEMA", `${PAYMENT}/Dbtr`],
  [
    "elements in another order",
    /(<Dbtr>.*<\/Dbtr>)(<DbtrAcct>.*<\/DbtrAcct>)/,
    "$2$1",
    "ISO_SCHEMA",
    `${PAYMENT}/Dbtr`,
  ],
  ["a missing element", /<EndToEndId>.*<\/EndToEndId>/, "", "ISO_SCHEMA", `${PAYMENT}/PmtId/EndToEndId`],
  ["text between elements", "<PmtId>", "now<PmtId>", "ISO_SCHEMA", PAYMENT],
  ["elements in a text", /<EndToEndId>[^<]*/, "<EndToEndId><b>x</b>", "ISO_SCHEMA", `${PAYMENT}/PmtId/EndToEndId`],
  ["an element after a text", "<EndToEndId>HP1", "<EndToEndId>HP1<b/>", "ISO_SCHEMA", `${PAYMENT}/PmtId/EndToEndId`],
  ["an element before a text", "<EndToEndId>HP1", "<EndToEndId><b/>HP1", "ISO_SCHEMA", `${PAYMENT}/PmtId/EndToEndId`],
  ["an attribute", "<EndToEndId>", '<EndToEndId id="1">', "ISO_SCHEMA", `${PAYMENT}/PmtId/EndToEndId`],
  [
    "xsi:nil",
    "<EndToEndId>",
    '<EndToEndId xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:nil="true">',
    "ISO_SCHEMA",
    `${PAYMENT}/PmtId/EndToEndId`,
  ],
  [
    "no way to name an institution",
    /<Dbtr>.*<\/Dbtr>/,
    "<Dbtr><FinInstnId/></Dbtr>",
    "ISO_SCHEMA",
    `${PAYMENT}/Dbtr/FinInstnId`,
  ],
  [
    "two ways to name an account",
    /<\/Othr><\/Id><Ccy>/,
    "</Othr><IBAN>X</IBAN></Id><Ccy>",
    "ISO_SCHEMA",
    `${PAYMENT}/DbtrAcct/Id/IBAN`,
  ],
  [
    "two choices",
    "<Prtry>ECNY</Prtry>",
    "<Cd>ECN</Cd><Prtry>ECNY</Prtry>",
    "ISO_SCHEMA",
    "/Document/FICdtTrf/GrpHdr/SttlmInf/ClrSys",
  ],
  ["a copy of a message", "<CreDt>", "<CpyDplct>COPY</CpyDplct><CreDt>", "ISO_SCHEMA", "/AppHdr/CpyDplct"],
  ["several payments", "<NbOfTxs>1<", "<NbOfTxs>2<", "ISO_UNSUPPORTED", "/Document/FICdtTrf/GrpHdr/NbOfTxs"],
  ["another way to settle", "CLRG", "COVE", "ISO_UNSUPPORTED", "/Document/FICdtTrf/GrpHdr/SttlmInf/SttlmMtd"],
  [
    "a header of another message",
    "<MsgDefIdr>pacs.009",
    "<MsgDefIdr>pacs.002",
    "ISO_INCONSISTENT",
    "/AppHdr/MsgDefIdr",
  ],
  ["a header with another id", "<BizMsgIdr>HP1", "<BizMsgIdr>HP2", "ISO_INCONSISTENT", "/AppHdr/BizMsgIdr"],
];

const value = (tag: string, to: string, path: string): Case => [
  `"${to.slice(0, 40)}" as ${tag}`,
  new RegExp(`<${tag}>[^<]*`),
  `<${tag}>${to}`,
  "ISO_VALUE",
  path,
];

const AMOUNTS = [
  " 12.00",
  "12.00 ",
  "12\n.00",
  "1,200.00",
  "12,00",
  "-12.00",
  "+12.00",
  "1e3",
  "012.00",
  "12.",
  ".50",
  "12.005",
  "12.50000",
  "NaN",
  "INF",
  "0x10",
  "１２.００",
  "",
  "12 000.00",
  "99999999999999999.00",
  "0.00",
  "0",
];

const VALUES: readonly Case[] = [
  ...AMOUNTS.map(
    (digits): Case => [`an amount of "${digits}"`, "12500.50", digits, "ISO_VALUE", `${PAYMENT}/IntrBkSttlmAmt`],
  ),
  ...["", "cny", "USDC", "JPY", "XAU", " CNY"].map(
    (code): Case => [`"${code}" as a currency`, '="CNY"', `="${code}"`, "ISO_VALUE", `${PAYMENT}/IntrBkSttlmAmt/@Ccy`],
  ),
  ["no currency", ' Ccy="CNY"', "", "ISO_SCHEMA", `${PAYMENT}/IntrBkSttlmAmt`],
  ["a currency of another namespace", ' Ccy="', ' xmlns:x="urn:x" x:Ccy="', "ISO_SCHEMA", `${PAYMENT}/IntrBkSttlmAmt`],
  value("EndToEndId", "x".repeat(36), `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", "/x", `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", "a//b", `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", " x", `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", "x\n", `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", "é", `${PAYMENT}/PmtId/EndToEndId`),
  value("EndToEndId", "", `${PAYMENT}/PmtId/EndToEndId`),
  value("UETR", "8A562C67-CA16-48BA-B074-65581BE6F001", `${PAYMENT}/PmtId/UETR`),
  value("UETR", "8a562c67-ca16-18ba-b074-65581be6f001", `${PAYMENT}/PmtId/UETR`),
  value("IntrBkSttlmDt", "2026-02-30", `${PAYMENT}/IntrBkSttlmDt`),
  value("IntrBkSttlmDt", "22.11.2026", `${PAYMENT}/IntrBkSttlmDt`),
  value("CreDtTm", "2026-11-22T09:30:00", "/Document/FICdtTrf/GrpHdr/CreDtTm"),
  value("CreDtTm", "2026-11-22T24:30:00Z", "/Document/FICdtTrf/GrpHdr/CreDtTm"),
  value("SttlmPrty", "NOW", `${PAYMENT}/SttlmPrty`),
  value("Ustrd", "x".repeat(141), `${PAYMENT}/RmtInf/Ustrd`),
  value("Ustrd", "two\nlines", `${PAYMENT}/RmtInf/Ustrd`),
  value("LEI", "529900HUANGPUOPER0X2", "/AppHdr/Fr/FIId/FinInstnId/LEI"),
  value("LEI", "529900huangpuoper042", "/AppHdr/Fr/FIId/FinInstnId/LEI"),
];

describe("hostile fields", () => {
  for (const [name, from, to, code, path] of [...STRUCTURE, ...VALUES]) {
    it(`refuses ${JSON.stringify(name)} with ${code}`, async () => {
      const spoilt = good.replace(from, to);
      expect(spoilt).not.to.equal(good);
      const error = await thrown(code, () => parseMessage(spoilt));
      expect(error.fields["path"]).to.equal(path);
    });
  }

  it("reads an amount with fewer decimals, exactly", () => {
    for (const [digits, cents] of [
      ["7", 700n],
      ["7.5", 750n],
      ["9999999999999999.99", 10n ** 18n - 1n],
    ] as const) {
      const { document } = parseMessage(good.replace("12500.50", digits));
      expect(document).to.deep.include({ amount: { currency: "CNY", cents } });
    }
  });

  it("builds no message of a value that is none", async () => {
    const refused: Parameters<typeof paymentMessage>[0][] = [
      { amount: { currency: "CNY", cents: 0n } },
      { amount: { currency: "CNY", cents: -1n } },
      { amount: { currency: "CNY", cents: 10n ** 18n } },
      { amount: { currency: "JPY" as "CNY", cents: 1n } },
      { endToEndId: `0x${"ab".repeat(32)}` },
      { debtor: { lei: "short" } },
      { remittance: ["a\0b"] },
      { remittance: ["a\uffffb"] },
      { remittance: ["a\ud800b"] },
      { settlementDate: "today" },
    ];
    for (const changes of refused) await thrown("ISO_VALUE", () => buildMessage(paymentMessage(changes)));
    await thrown("ISO_SCHEMA", () => buildMessage(paymentMessage({ debtor: {} })));
    await thrown("ISO_SCHEMA", () => buildMessage(paymentMessage({ remittance: Array(11).fill("x") })));
    const unknown = { ...transfer, type: "Invoice" } as unknown as IsoDocument;
    await thrown("ISO_UNSUPPORTED", () => xmlOf(unknown));
  });

  it("cannot be made to write an element by a value", () => {
    const remittance = ["</Ustrd></RmtInf><Evil/>", "&lt;\" & '", "]]>"];
    expect(parseMessage(paymentXml({ remittance })).document).to.deep.include({ remittance });
  });

  it("skips what the standard has and what says nothing here", () => {
    const more = good
      .replace("</LEI></FinInstnId></Dbtr>", "</LEI><Nm>Bank A</Nm></FinInstnId><BrnchId><Id>1</Id></BrnchId></Dbtr>")
      .replace("</EndToEndId>", "</EndToEndId><TxId>T-1</TxId>")
      .replace("<CreDt>", "<BizSvc>huangpu</BizSvc><CreDt>");
    expect(parseMessage(more)).to.deep.equal(paymentMessage());
  });
});

describe("hostile books", () => {
  const two = { ...notification, entries: [entry, { ...entry, servicerReference: "BC-2" }] };

  it("refuses a notification that books one entry twice", async () => {
    await thrown("ISO_INCONSISTENT", () => xmlOf({ ...notification, entries: [entry, entry] }));
    expect(parseMessage(xmlOf(two)).document).to.deep.equal(two);
  });

  it("refuses an entry in another currency than its account", async () => {
    await thrown("ISO_INCONSISTENT", () => xmlOf({ ...notification, account: { id: BANK_A, currency: "USD" } }));
  });

  it("refuses an entry whose payment has another amount or direction", async () => {
    const xml = xmlOf(notification);
    const details = xml.indexOf("<TxDtls>");
    const inDetails = (from: string, to: string) => xml.slice(0, details) + xml.slice(details).replace(from, to);
    await thrown("ISO_INCONSISTENT", () => parseMessage(inDetails("12500.50", "12500.51")));
    await thrown("ISO_INCONSISTENT", () => parseMessage(inDetails('"CNY"', '"USD"')));
    await thrown("ISO_INCONSISTENT", () => parseMessage(inDetails("CRDT", "DBIT")));
    expect(
      parseMessage(inDetails('<Amt Ccy="CNY">12500.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>', "")).document,
    ).to.deep.equal(notification);
  });

  it("refuses an entry that sums up several payments", async () => {
    const xml = xmlOf(notification).replace(/(<TxDtls>.*<\/TxDtls>)/, "$1$1");
    const error = await thrown("ISO_SCHEMA", () => parseMessage(xml));
    expect(error.fields["path"]).to.match(/NtryDtls\/TxDtls$/);
  });

  it("refuses a status, a direction and a reversal that are none", async () => {
    const xml = xmlOf(notification);
    await thrown("ISO_VALUE", () => parseMessage(xml.replace("<Cd>BOOK", "<Cd>DONE")));
    await thrown("ISO_VALUE", () => parseMessage(xml.replace("<RvslInd>false", "<RvslInd>maybe")));
    await thrown("ISO_VALUE", () => parseMessage(xml.replace("<CdtDbtInd>CRDT", "<CdtDbtInd>UP")));
    expect(parseMessage(xml.replace("<RvslInd>false</RvslInd>", "")).document).to.deep.equal(notification);
  });

  it("refuses a statement that does not add up", async () => {
    expect(parseMessage(xmlOf(statement)).document).to.deep.equal(statement);
    await thrown("ISO_INCONSISTENT", () => xmlOf({ ...statement, closing: { ...statement.closing, cents: 1n } }));
    const xml = xmlOf(statement);
    await thrown("ISO_INCONSISTENT", () => parseMessage(xml.replace("12500.00", "12500.01")));
    await thrown("ISO_INCONSISTENT", () => parseMessage(xml.replace('<Amt Ccy="CNY">0.50', '<Amt Ccy="USD">0.50')));
    await thrown("ISO_SCHEMA", () => parseMessage(xml.replace("CLBD", "CLAV")));
    await thrown("ISO_SCHEMA", () => parseMessage(xml.replace("CLBD", "OPBD")));
  });

  it("refuses a report with a status that nobody has", async () => {
    const original = { messageId: "M", definition: "pacs.009.001.08" };
    const report = {
      type: "PaymentStatusReport",
      id: "R",
      createdAt: transfer.createdAt,
      original,
      status: "ACSC",
    } as const;
    const xml = xmlOf(report);
    expect(parseMessage(xml).document).to.deep.equal(report);
    await thrown("ISO_VALUE", () => parseMessage(xml.replace("ACSC", "DONE")));
    await thrown("ISO_SCHEMA", () => parseMessage(xml.replace(/<TxSts>.*<\/TxSts>/, "")));
    await thrown("ISO_SCHEMA", () => parseMessage(xml.replace(/(<TxInfAndSts>.*<\/TxInfAndSts>)/, "$1$1")));
  });

  it("refuses a document alone where a message belongs, and a message where a document belongs", async () => {
    const document = good.replace(/.*<Doc>|<\/Doc>.*/gs, "");
    expect(parseDocument(document)).to.deep.equal(transfer);
    await thrown("ISO_UNSUPPORTED", () => parseMessage(document));
    await thrown("ISO_UNSUPPORTED", () => parseDocument(good));
  });
});
