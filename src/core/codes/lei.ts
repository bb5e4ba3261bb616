/** Form of a Legal Entity Identifier (ISO 17442): 18 characters and two check digits. */
export const LEI_FORM = /^[A-Z0-9]{18}[0-9]{2}$/;

/**
 * Whether a text is a Legal Entity Identifier whose check digits hold: ISO 7064 MOD 97-10, from 02 to 98. 00, 01 and 99 are
 * congruent to digits in that range, and never assigned (ISO 17442-1, annex A).
 */
export function isLei(text: string): boolean {
  if (!LEI_FORM.test(text)) return false;
  const check = Number(text.slice(18));
  return check >= 2 && check <= 98 && remainder97(text) === 1;
}

/** The Legal Entity Identifier of 18 characters, its check digits appended. @throws RangeError when they are not 18. */
export function completeLei(body: string): string {
  if (!/^[A-Z0-9]{18}$/.test(body)) throw new RangeError(`"${body}" is not 18 capital letters or digits`);
  return `${body}${String(98 - remainder97(`${body}00`)).padStart(2, "0")}`;
}

/** Letters count as 10 to 35. */
function remainder97(text: string): number {
  let remainder = 0;
  for (const char of text) {
    const value = Number.parseInt(char, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}
