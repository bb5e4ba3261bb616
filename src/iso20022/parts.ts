import { parseAmount, toDecimalString } from "../core/amount.ts";
import { type Codec, checked, choice, compact, mapped, maybe, one, sequence, several, skipped, text } from "./codec.ts";
import { isoError } from "./iso-error.ts";
import * as rules from "./rules.ts";
import { textOf } from "./xml.ts";

/** An amount of a currency with two decimals, in cents. */
export interface Money {
  currency: Currency;
  cents: bigint;
}

export type Currency = "CNY" | "USD" | "EUR" | "GBP" | "HKD" | "SGD";

/** A financial institution: by its legal entity identifier, its business identifier code, or both. */
export interface Agent {
  lei?: string;
  bic?: string;
}

/** An account at the sender or the receiver of the message. */
export interface Account {
  id: string;
  currency?: Currency;
}

/** A party that is no financial institution. */
export interface Party {
  name?: string;
  lei?: string;
}

const TWO_DECIMALS = /^(?:0|[1-9]\d{0,15})(?:\.\d{1,2})?$/;

/** An amount with its currency. @param least In cents. */
function amount(least: bigint): Codec<Money> {
  return {
    read(element, path) {
      const [attribute, other] = element.attrs;
      if (attribute?.name !== "Ccy" || attribute.namespaceUri !== "" || other !== undefined) {
        throw isoError("ISO_SCHEMA", path, "no attribute Ccy alone", "send the currency in Ccy and no other attribute");
      }
      const code = checked(rules.currency, attribute.value, `${path}/@Ccy`);
      const digits = textOf(element, path);
      if (!TWO_DECIMALS.test(digits)) {
        const fix = "send digits with up to two decimals, no sign and no space";
        throw isoError("ISO_VALUE", path, `${JSON.stringify(digits.slice(0, 64))} is no amount`, fix);
      }
      return { currency: code, cents: inBounds(parseAmount(digits, 2), path) };
    },
    write({ currency, cents }, path) {
      const code = checked(rules.currency, currency, `${path}/@Ccy`);
      return { xml: toDecimalString(inBounds(cents, path), 2), attributes: ` Ccy="${code}"` };
    },
  };

  function inBounds(value: bigint, path: string): bigint {
    if (value < least) throw isoError("ISO_VALUE", path, "an amount of nothing", "send more than zero");
    return checked(rules.cents, value, path);
  }
}

export const money = amount(1n);
/** An amount that may be zero: a balance. */
export const nonNegative = amount(0n);

const institution = sequence({
  FinInstnId: one(
    sequence({
      BICFI: maybe(text(rules.bic)),
      ClrSysMmbId: skipped,
      LEI: maybe(text(rules.lei)),
      Nm: skipped,
      PstlAdr: skipped,
      Othr: skipped,
    }),
  ),
  BrnchId: skipped,
});

export const agent: Codec<Agent> = mapped(
  institution,
  ({ FinInstnId }, path) => {
    const { BICFI, LEI } = FinInstnId;
    return identified(compact({ bic: BICFI, lei: LEI }), path);
  },
  (value, path) => {
    const { bic, lei } = identified(value, path);
    return { FinInstnId: { BICFI: bic, LEI: lei } };
  },
);

function identified(found: Agent, path: string): Agent {
  if (found.bic !== undefined || found.lei !== undefined) return found;
  const fix = "identify the institution by one of them";
  throw isoError("ISO_SCHEMA", `${path}/FinInstnId`, "neither LEI nor BICFI", fix);
}

const accountId = sequence({
  Othr: one(sequence({ Id: one(text(rules.id34)), SchmeNm: skipped, Issr: skipped })),
});

/** An account by its proprietary id: IBANs are not in use on this ledger. */
export const account: Codec<Account> = mapped(
  sequence({
    Id: one(accountId),
    Tp: skipped,
    Ccy: maybe(text(rules.currency)),
    Nm: skipped,
    Prxy: skipped,
    Ownr: skipped,
    Svcr: skipped,
  }),
  ({ Id, Ccy }) => compact({ id: Id.Othr.Id, currency: Ccy }),
  ({ id, currency }) => ({ Id: { Othr: { Id: id } }, Ccy: currency }),
);

export const party: Codec<Party> = mapped(
  sequence({
    Nm: maybe(text(rules.line(140))),
    PstlAdr: skipped,
    Id: maybe(
      choice({
        OrgId: maybe(sequence({ AnyBIC: skipped, LEI: maybe(text(rules.lei)), Othr: skipped })),
        PrvtId: skipped,
      }),
    ),
    CtryOfRes: skipped,
    CtctDtls: skipped,
  }),
  ({ Nm, Id }) => compact({ name: Nm, lei: Id?.OrgId?.LEI }),
  ({ name, lei }) => ({ Nm: name, Id: lei === undefined ? undefined : { OrgId: { LEI: lei } } }),
);

/** `Dt` or `DtTm`. */
export const dateOrTime: Codec<string> = mapped(
  choice({ Dt: maybe(text(rules.date)), DtTm: maybe(text(rules.timestamp)) }),
  // `choice` has seen to it that one of them is there.
  ({ Dt, DtTm }) => Dt ?? DtTm ?? "",
  (value) => {
    const known = checked(rules.dateOrTimestamp, value, "DtTm");
    return known.length === 10 ? { Dt: known } : { DtTm: known };
  },
);

/** A day; of a time, the day that it says. */
export const dayOf: Codec<string> = mapped(
  dateOrTime,
  (value) => value.slice(0, 10),
  (value, path) => checked(rules.date, value, path),
);

/** `Cd` or `Prtry`, of which the standard's own code is the one that is read. */
export const code = choice({ Cd: maybe(text(rules.externalCode)), Prtry: maybe(text(rules.id35)) });

/** Free text about a payment, up to 10 lines of 140 characters. */
export const remittance: Codec<string[]> = mapped(
  sequence({ Ustrd: several(text(rules.line(140)), 10), Strd: skipped }),
  ({ Ustrd }) => Ustrd,
  (lines) => ({ Ustrd: lines }),
);
