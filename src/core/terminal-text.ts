/** Characters with which a text could move a terminal's cursor, colour it, or turn what is read around; line breaks are none. */
const STEERING = /[^\P{C}\n]/gu;

/** A text as a terminal may get it, although strangers wrote a part of it: line breaks stay, what steers becomes U+FFFD. */
export function terminalText(text: string): string {
  return text.replace(STEERING, "\ufffd");
}

/** JSON text of the same value, as a terminal may get it. */
export function terminalJson(text: string): string {
  return text.replace(STEERING, (character) => character.split("").map(escaped).join(""));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
