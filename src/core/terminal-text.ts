/**
 * A text as a terminal may get it, although strangers wrote a part of it: line breaks stay; other control characters, and those that
 * turn the direction of writing, become U+FFFD.
 */
export function terminalText(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, "\ufffd");
}
