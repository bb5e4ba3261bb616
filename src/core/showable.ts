/** Control and format characters, with which a text could move a terminal's cursor, colour it, or turn what is read around. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** What strangers wrote, as a terminal can show it: of what nobody sees only line breaks are kept. */
export function showable(text: string): string {
  return text.replace(UNSEEN, "\ufffd");
}

/** JSON text of the same value, which a terminal can show. */
export function showableJson(text: string): string {
  return text.replace(UNSEEN, (character) => character.split("").map(escaped).join(""));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
