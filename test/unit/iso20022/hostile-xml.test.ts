import { expect } from "chai";
import { diag } from "libxml2-wasm";
import { HuangpuError } from "../../../src/core/errors.ts";
import { buildMessage, parseDocument, parseMessage, parseStatement } from "../../../src/iso20022/business-message.ts";
import type { IsoErrorCode } from "../../../src/iso20022/iso-error.ts";
import { decodeXml, MAX_MESSAGE_BYTES, MAX_STATEMENT_BYTES } from "../../../src/iso20022/xml.ts";
import {
  BANK_B,
  entry,
  LEDGER,
  notification,
  paymentMessage,
  paymentXml,
  statement,
} from "../../support/fakes/iso-messages.ts";
import { RandomDocuments } from "../../support/fakes/random-documents.ts";
import { schemasOrSkip } from "../../support/fakes/schemas.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const good = paymentXml();
const inside = good.replace(/^<\?xml[^>]*\?>\s*/, "");
const ustrd = (content: string) => good.replace(/<Ustrd>[^<]*/, `<Ustrd>${content}`);
const head = (declarations: string) => `<?xml version="1.0"?>${declarations}${inside}`;
const laughs = Array.from({ length: 20 }, (_, index) => `<!ENTITY l${index + 1} "&l${index};&l${index};&l${index};">`);

const HOSTILE: readonly (readonly [string, string, IsoErrorCode])[] = [
  ["nothing", "", "ISO_MALFORMED"],
  ["no XML", "pay me", "ISO_MALFORMED"],
  ["JSON", '{"Document":{}}', "ISO_MALFORMED"],
  ["half a message", good.slice(0, good.length / 2), "ISO_MALFORMED"],
  ["two messages", good + inside, "ISO_MALFORMED"],
  ["entities within entities", head(`<!DOCTYPE d [<!ENTITY l0 "ha">${laughs.join("")}]>`), "ISO_MALFORMED"],
  ["one long entity often", head(`<!DOCTYPE d [<!ENTITY a "${"a".repeat(9e4)}">]>`), "ISO_MALFORMED"],
  ["an external entity", head('<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "ISO_MALFORMED"],
  ["an external DTD", head('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">'), "ISO_MALFORMED"],
  ["a parameter entity", head('<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///dev/zero"> %p;]>'), "ISO_MALFORMED"],
  ["an empty DOCTYPE", head("<!DOCTYPE BizMsgEnvlp>"), "ISO_MALFORMED"],
  ["a DOCTYPE after the root", `${good}<!DOCTYPE d>`, "ISO_MALFORMED"],
  ["an entity that nobody declared", ustrd("&secret;"), "ISO_MALFORMED"],
  ["a reference to no character", ustrd("a&#0;b"), "ISO_MALFORMED"],
  ["a reference to a control character", ustrd("a&#x1b;b"), "ISO_MALFORMED"],
  ["a reference to half a character", ustrd("a&#xD800;b"), "ISO_MALFORMED"],
  ["a zero byte", `${good}\0${good}`, "ISO_MALFORMED"],
  ["half a character", ustrd("a\ud800b"), "ISO_MALFORMED"],
  ["a comment in an amount", good.replace("12500.50", "125<!-- -->00.50"), "ISO_MALFORMED"],
  ["a CDATA section", ustrd("<![CDATA[free]]>"), "ISO_MALFORMED"],
  ["a processing instruction", good.replace("<FICdtTrf>", "<?php echo 1 ?><FICdtTrf>"), "ISO_MALFORMED"],
  ["a stylesheet", head('<?xml-stylesheet href="file:///etc/passwd"?>'), "ISO_MALFORMED"],
  ["a declared encoding that is not UTF-8", good.replace("UTF-8", "UTF-16"), "ISO_MALFORMED"],
  ["a declared encoding that takes control characters", good.replace("UTF-8", "UTF-7"), "ISO_MALFORMED"],
  ["XML 1.1", good.replace('version="1.0"', 'version="1.1"'), "ISO_MALFORMED"],
  ["an attribute given twice", good.replace('Ccy="CNY"', 'Ccy="CNY" Ccy="USD"'), "ISO_MALFORMED"],
  ["a prefix that nobody declared", good.replaceAll("GrpHdr>", "x:GrpHdr>"), "ISO_MALFORMED"],
  [
    "an inclusion",
    good.replace("<FICdtTrf>", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><FICdtTrf>'),
    "ISO_SCHEMA",
  ],
  ["more bytes than a message has", `${good}${" ".repeat(MAX_MESSAGE_BYTES)}`, "ISO_TOO_LARGE"],
  ["few characters of many bytes", ustrd("元".repeat(MAX_MESSAGE_BYTES / 3)), "ISO_TOO_LARGE"],
  ["great depth", "<a>".repeat(300_000), "ISO_MALFORMED"],
  ["great depth that is closed", ustrd("<a>".repeat(100_000) + "</a>".repeat(100_000)), "ISO_MALFORMED"],
  ["many elements", ustrd("<a/>".repeat(200_000)), "ISO_SCHEMA"],
  ["many attributes", good.replace("<FICdtTrf>", `<FICdtTrf ${many((n) => `a${n}="1"`, 60_000)}>`), "ISO_SCHEMA"],
  ["many references to characters", ustrd("&#65;".repeat(150_000)), "ISO_VALUE"],
  ["a long name", good.replaceAll("FICdtTrf", "a".repeat(400_000)), "ISO_MALFORMED"],
];

function many(make: (index: number) => string, count: number): string {
  return Array.from({ length: count }, (_, index) => make(index)).join(" ");
}

describe("hostile XML", () => {
  before(() => diag.configure({ enabled: true }));
  after(() => diag.configure({ enabled: false }));

  for (const [name, xml, code] of HOSTILE) {
    it(`refuses ${name} with ${code}`, async () => {
      const error = await thrown(code, () => parseMessage(xml));
      expect(error.fields).to.include.keys("path", "problem", "fix");
      expect(error.message.length).to.be.lessThan(1_000);
    }).timeout(10_000);
  }

  const booked = buildMessage({ from: { lei: LEDGER }, to: { lei: BANK_B }, document: notification });
  const summary = (content: string) => booked.replace("<Ntry>", `<TxsSummry>${content}</TxsSummry><Ntry>`);
  const LABORIOUS: readonly (readonly [string, string, RegExp])[] = [
    [
      "empty texts",
      good.replace(/<Ustrd>.*<\/Ustrd>/, "<Ustrd>x</Ustrd>".repeat(10) + "<Ustrd></Ustrd>".repeat(60_000)),
      /\/Ustrd$/,
    ],
    ["wrong elements in one that is skipped", summary("<TtlNtriesPerBkTxCd/>".repeat(40_000)), /\/TxsSummry$/],
    ["wrong elements deep in it", summary(`<a>${"<b/>".repeat(40_000)}</a>`), /\/TxsSummry$/],
    [
      "wrong attributes on it",
      booked.replace("<Ntry>", `<TxsSummry ${many((n) => `a${n}="1"`, 50_000)}/><Ntry>`),
      /\/TxsSummry$/,
    ],
    ["elements that are skipped", booked.replace("<Ntry>", `${"<TxsSummry/>".repeat(40_000)}<Ntry>`), /\/TxsSummry$/],
  ];
  for (const [name, xml, path] of LABORIOUS) {
    it(`has the schema's validator go through no thousands of ${name}`, async function () {
      const schemas = schemasOrSkip(this);
      try {
        // The path is that of our own rules: the validator has no paths.
        expect((await thrown("ISO_SCHEMA", () => parseMessage(xml, schemas))).fields["path"]).to.match(path);
      } finally {
        schemas.dispose();
      }
    }).timeout(10_000);
  }

  it("reads bytes in UTF-8 alone", async () => {
    expect(parseMessage(decodeXml(new TextEncoder().encode(`\ufeff${good}`)))).to.deep.equal(paymentMessage());
    for (const encoding of ["utf16le", "latin1"] as const) {
      await thrown("ISO_MALFORMED", () => decodeXml(Buffer.from(`${good}é`, encoding)));
    }
    await thrown("ISO_MALFORMED", () => decodeXml(new Uint8Array([0x3c, 0xc0, 0xbc])));
  });

  it("takes a longer statement, and nothing else that is longer", async () => {
    const message = { from: { lei: LEDGER }, to: { lei: BANK_B } };
    const several = Array.from({ length: 2_000 }, (_, index) => ({ ...entry, servicerReference: `B${index}` }));
    const closing = { ...statement.closing, cents: statement.opening.cents + 2_000n * entry.amount.cents };
    const long = buildMessage({ ...message, document: { ...statement, closing, entries: several } });
    expect(long.length).to.be.within(MAX_MESSAGE_BYTES, MAX_STATEMENT_BYTES);
    expect(parseStatement(long).document.entries).to.have.length(2_000);
    await thrown("ISO_TOO_LARGE", () => parseMessage(long));
    await thrown("ISO_TOO_LARGE", () => parseStatement(`${good}${" ".repeat(MAX_STATEMENT_BYTES)}`));
    await thrown("ISO_UNSUPPORTED", () => parseStatement(good));
  }).timeout(20_000);

  it("takes a message whose elements have a prefix", () => {
    const prefixed = good
      .replace('<Document xmlns="', '<d:Document xmlns:d="')
      .replace(/<FICdtTrf>.*<\/FICdtTrf>/, (part) => part.replace(/<(\/?)/g, "<$1d:"))
      .replace("</Document>", "</d:Document>");
    expect(parseMessage(prefixed)).to.deep.equal(paymentMessage());
  });

  it("fails with a code of its own whatever is done to a message, with schemas and without", function () {
    const schemas = schemasOrSkip(this);
    const random = new SeededRandom(11);
    const documents = new RandomDocuments(random);
    const codes = new Map<string, number>();
    try {
      for (let round = 0; round < 3_000; round++) {
        const from = documents.agent();
        const spoilt = spoil(buildMessage({ from, to: from, document: documents.document() }), random);
        try {
          parseMessage(spoilt, round % 2 === 0 ? schemas : undefined);
          codes.set("none", (codes.get("none") ?? 0) + 1);
        } catch (error) {
          if (!(error instanceof HuangpuError)) throw error;
          codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
        }
      }
    } finally {
      schemas.dispose();
    }
    expect([...codes.keys()]).to.include.members(["ISO_MALFORMED", "ISO_SCHEMA", "ISO_VALUE", "none"]);
    for (const code of codes.keys()) expect(code === "none" || code.startsWith("ISO_")).to.equal(true);
  }).timeout(60_000);

  it("gives back the memory of every document, read or refused", async () => {
    const document = good.replace(/.*<Doc>|<\/Doc>.*/gs, "");
    expect(parseDocument(document)).to.deep.equal(paymentMessage().document);
    await thrown("ISO_SCHEMA", () => parseDocument(document.replace("<GrpHdr>", "<GrpHdr><Evil/>")));
    await thrown("ISO_MALFORMED", () => parseDocument(document.slice(1)));
    expect(diag.report()).to.deep.equal({});
  });
});

const PIECES = [
  "<",
  ">",
  "&",
  "/",
  '"',
  "<a>",
  "</a>",
  "\0",
  "😀",
  "&#65;",
  "<!--",
  " ",
  "9".repeat(40),
  "xmlns=''",
  "-",
];

/** One to three small damages: something cut out, repeated, swapped or put in. */
function spoil(xml: string, random: SeededRandom): string {
  let spoilt = xml;
  for (let damage = random.between(1, 3); damage > 0; damage--) {
    const [start, end] = [random.below(spoilt.length), random.below(60)];
    const [before, piece, after] = [
      spoilt.slice(0, start),
      spoilt.slice(start, start + end),
      spoilt.slice(start + end),
    ];
    const put = PIECES[random.below(PIECES.length)] ?? "";
    const made = [`${before}${after}`, `${before}${piece}${piece}${after}`, `${before}${put}${piece}${after}`];
    const changed = /[A-Za-z0-9]/.test(piece[0] ?? "") ? `${before}Q${piece.slice(1)}${after}` : `${before}${after}`;
    spoilt = [...made, changed][random.below(4)] ?? spoilt;
  }
  return spoilt;
}
