/** Form of an IMO ship identification number without its prefix. */
export const IMO_NUMBER_FORM = /^[0-9]{7}$/;

/** Whether a text is an IMO ship number whose check digit holds: the first six digits times 7 to 2, summed, end with the seventh. */
export function isImoNumber(text: string): boolean {
  if (!IMO_NUMBER_FORM.test(text)) return false;
  const digits = [...text].map(Number);
  const sum = digits.slice(0, 6).reduce((total, digit, index) => total + digit * (7 - index), 0);
  return sum % 10 === digits[6];
}
