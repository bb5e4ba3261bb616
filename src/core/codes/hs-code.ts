/** Form of a Harmonized System code: six digits, and up to four more of national subdivisions. */
export const HS_CODE_FORM = /^[0-9]{6,10}$/;

/** Chapter 77 is reserved; 98 and 99 are for national use. */
const RESERVED_CHAPTER = "77";

/** Whether a text has the form of a Harmonized System code in a chapter that exists. */
export function isHsCode(text: string): boolean {
  const chapter = text.slice(0, 2);
  return HS_CODE_FORM.test(text) && chapter !== "00" && chapter !== RESERVED_CHAPTER;
}
