const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

/** Whether a text is a day that the calendar has, `2026-11-22` (RFC 3339, full-date). */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return date.toISOString().startsWith(text);
}

/** Whether a text is an instant, `2026-11-22T09:30:00+08:00` (RFC 3339, date-time): without a zone it is none. */
export function isDateTime(text: string): boolean {
  const match = DATE_TIME.exec(text);
  return match?.[1] !== undefined && isDate(match[1]);
}
