import { isCountry } from "./country.ts";

/** Form of a UN/LOCODE (UNECE Recommendation 16): country and three letters or digits from 2 to 9. */
export const UN_LOCODE_FORM = /^[A-Z]{2}[A-Z2-9]{3}$/;

/** International waters have codes of their own. */
const INTERNATIONAL_WATERS = "XZ";

/** Whether a text has the form of a UN/LOCODE of a country that exists. The list of places itself is not held here. */
export function isUnLocode(text: string): boolean {
  const country = text.slice(0, 2);
  return UN_LOCODE_FORM.test(text) && (isCountry(country) || country === INTERNATIONAL_WATERS);
}
