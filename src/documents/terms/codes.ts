import { z } from "zod";
import { CONTAINER_NUMBER_FORM, isContainerNumber } from "../../core/codes/container-number.ts";
import { COUNTRY_FORM, isCountry } from "../../core/codes/country.ts";
import { CURRENCY_FORM, isCurrency } from "../../core/codes/currency.ts";
import { isDate, isDateTime } from "../../core/codes/date-time.ts";
import { HS_CODE_FORM, isHsCode } from "../../core/codes/hs-code.ts";
import { IMO_NUMBER_FORM, isImoNumber } from "../../core/codes/imo-number.ts";
import { incoterms2020 } from "../../core/codes/incoterms.ts";
import { isLei, LEI_FORM } from "../../core/codes/lei.ts";
import { isUnLocode, UN_LOCODE_FORM } from "../../core/codes/un-locode.ts";
import { DECIMAL_FORM } from "../../core/decimal.ts";

interface Code {
  /** Name among the definitions of the JSON Schema files. */
  id: string;
  description: string;
  form: RegExp;
  /** What is wrong with a text that has not the form, and how to mend it. */
  malformed: string;
}

/** A text of a form, and of those with the form only the ones that `holds` accepts. JSON Schema can say the form alone. */
function code({ id, description, form, malformed }: Code, holds: (text: string) => boolean, wrong: string) {
  return z
    .string()
    .regex(form, { error: malformed, abort: true })
    .refine(holds, { error: wrong })
    .meta({ id, description });
}

export const lei = code(
  {
    id: "LegalEntityIdentifier",
    description:
      "Legal Entity Identifier, ISO 17442: 18 capital letters or digits and two check digits (ISO 7064 MOD 97-10)",
    form: LEI_FORM,
    malformed: "must be a Legal Entity Identifier: 18 capital letters or digits and two check digits, without spaces",
  },
  isLei,
  "is no Legal Entity Identifier: its check digits do not hold, so compare every character with the GLEIF record",
);

export const country = code(
  {
    id: "Country",
    description: "Country, ISO 3166-1 alpha-2",
    form: COUNTRY_FORM,
    malformed: "must be a country of two capital letters (ISO 3166-1 alpha-2), such as CN",
  },
  isCountry,
  "is not assigned by ISO 3166-1: use the alpha-2 code of a country, such as GB and not UK",
);

export const currency = code(
  {
    id: "Currency",
    description: "Currency, ISO 4217",
    form: CURRENCY_FORM,
    malformed: "must be a currency of three capital letters (ISO 4217), such as USD",
  },
  isCurrency,
  "is no active currency of ISO 4217: use the code in force today, such as CNY and not RMB",
);

export const hsCode = code(
  {
    id: "HsCode",
    description: "Harmonized System code: six digits, and up to four more of national subdivisions, without dots",
    form: HS_CODE_FORM,
    malformed: "must be a Harmonized System code of 6 to 10 digits, without dots or spaces, such as 820420",
  },
  isHsCode,
  "begins with a chapter that the Harmonized System does not have: compare it with the customs tariff",
);

export const containerNumber = code(
  {
    id: "ContainerNumber",
    description: "Container number, ISO 6346: owner, category U, J or Z, six digits and a check digit",
    form: CONTAINER_NUMBER_FORM,
    malformed: "must be a container number: three letters, U, J or Z, and seven digits (ISO 6346), such as CSQU3054383",
  },
  isContainerNumber,
  "is no container number: its check digit does not hold (ISO 6346), so compare it with the container's door",
);

export const imoNumber = code(
  {
    id: "ImoNumber",
    description: "IMO ship identification number: seven digits, the last one a check digit, without the prefix IMO",
    form: IMO_NUMBER_FORM,
    malformed: "must be an IMO ship number: seven digits without the prefix IMO, such as 9074729",
  },
  isImoNumber,
  "is no IMO ship number: its check digit does not hold, so compare it with the ship's papers",
);

export const unLocode = code(
  {
    id: "UnLocode",
    description: "UN/LOCODE (UNECE Recommendation 16): country and place",
    form: UN_LOCODE_FORM,
    malformed:
      "must be a UN/LOCODE: a country and three capital letters or digits from 2 to 9, without a space, such as CNSHA",
  },
  isUnLocode,
  "begins with a country that ISO 3166-1 has not assigned: compare it with the UN/LOCODE list",
);

export const date = z
  .string()
  .refine(isDate, { error: "must be a day of the calendar, such as 2026-11-22" })
  .meta({ id: "Date", description: "A day, RFC 3339 full-date", format: "date" });

export const dateTime = z
  .string()
  .refine(isDateTime, {
    error: "must be a time with its zone, such as 2026-11-22T09:30:00+08:00 or 2026-11-22T01:30:00Z",
  })
  .meta({ id: "DateTime", description: "An instant, RFC 3339 date-time: with a zone", format: "date-time" });

export const decimal = z
  .string()
  .regex(DECIMAL_FORM, {
    error: 'must be a decimal number in quotes, with a point and at most six decimals, such as "5000.00"',
  })
  .meta({
    id: "Decimal",
    description: "A decimal number as a text, so that no reader rounds it; at most six decimals",
  });

export const incoterm = z.enum(incoterms2020).meta({ id: "Incoterm", description: "A rule of Incoterms 2020" });

export const unit = z
  .string()
  .regex(/^[A-Z0-9]{2,3}$/, {
    error: "must be a unit code of UNECE Recommendation 20, such as KGM for kilograms or C62 for pieces",
  })
  .meta({ id: "Unit", description: "Unit of measure, UNECE Recommendation 20" });

export const packageType = z
  .string()
  .regex(/^[A-Z0-9]{2}$/, { error: "must be a package code of UNECE Recommendation 21, such as CT for a carton" })
  .meta({ id: "PackageType", description: "Type of package, UNECE Recommendation 21" });
