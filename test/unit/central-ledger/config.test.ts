import { writeFileSync } from "node:fs";
import { expect } from "chai";
import { parseAccountBook, parseBehaviours, readJson } from "../../../central-ledger/config.ts";
import { Operator } from "../../../central-ledger/operator.ts";
import { BANK_A } from "../../support/fakes/iso-messages.ts";
import { ACCOUNTS } from "../../support/fakes/ledger.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const [first] = ACCOUNTS.accounts;
const one = (changes: object) => ({ ...ACCOUNTS, accounts: [{ ...first, ...changes }] });

describe("central ledger configuration", () => {
  const scratch = scratchFolder();

  it("reads opening balances in cents", () => {
    expect(parseAccountBook(ACCOUNTS).accounts[0]).to.deep.equal({ lei: BANK_A, currency: "CNY", opening: 1_500_000n });
  });

  it("refuses what is no list of accounts", async () => {
    const refused = [
      {},
      { ...ACCOUNTS, accounts: [] },
      { ...ACCOUNTS, instructing: [] },
      { ...ACCOUNTS, ledger: "PBOC" },
      { ...ACCOUNTS, admin: true },
      { ...ACCOUNTS, accounts: [first, first] },
      one({ lei: "A" }),
      one({ currency: "JPY" }),
      one({ opening: 15_000 }),
      one({ opening: "-1" }),
      one({ opening: "0.001" }),
      {
        ...ACCOUNTS,
        accounts: ["CNY", "USD"].map((currency) => ({ ...first, currency, opening: "9999999999999999" })),
      },
    ];
    for (const value of refused) await thrown("CONFIG_INVALID", () => parseAccountBook(value));
  });

  it("refuses what is no behaviour", async () => {
    for (const value of [
      { delayMs: -1 },
      { copies: 0 },
      { crash: "now" },
      { steal: true },
      { rejections: [{ code: "x" }] },
    ]) {
      await thrown("CONFIG_INVALID", () => parseBehaviours(value));
    }
  });

  it("refuses a file that is none, or no JSON", async () => {
    await thrown("CONFIG_INVALID", () => readJson(scratch("none.json")));
    writeFileSync(scratch("bad.json"), "{");
    await thrown("CONFIG_INVALID", () => readJson(scratch("bad.json")));
  });

  it("refuses other opening balances than the database has, and takes more accounts", async () => {
    const file = scratch("ledger.sqlite");
    const dependencies = { now: () => 0, behaviours: () => parseBehaviours({}), crash: () => undefined };
    const open = (book: unknown) => new Operator(file, parseAccountBook(book), dependencies);
    open(one({})).close();
    await thrown("CONFIG_INVALID", () => open(one({ opening: "1" })));
    const grown = open(ACCOUNTS);
    expect(grown.books.total("CNY")).to.equal(2_000_000n);
    grown.close();
  });
});
