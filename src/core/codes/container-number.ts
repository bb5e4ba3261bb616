/** Form of a container number (ISO 6346): owner, category U, J or Z, six digits, check digit. */
export const CONTAINER_NUMBER_FORM = /^[A-Z]{3}[UJZ][0-9]{7}$/;

/** Whether a text is a container number whose check digit holds (ISO 6346:2022, annex A). */
export function isContainerNumber(text: string): boolean {
  return CONTAINER_NUMBER_FORM.test(text) && checkDigit(text.slice(0, 10)) === Number(text[10]);
}

/** Powers of two weigh the characters; the sum modulo 11, and 10 counts as 0. */
function checkDigit(characters: string): number {
  const sum = [...characters].reduce((total, char, index) => total + numberOf(char) * 2 ** index, 0);
  return (sum % 11) % 10;
}

/** Letters count from 10 on, multiples of 11 left out: A is 10, B 12, L 23, V 34. */
function numberOf(char: string): number {
  const value = Number.parseInt(char, 36);
  return value < 10 ? value : value + Math.floor((value - 1) / 10);
}
