/** An item of RLP in the bytes that it was read from. */
export interface Item {
  readonly list: boolean;
  readonly content: Uint8Array;
  /** The item with its prefix. */
  readonly encoded: Uint8Array;
}

/** The items that lie one after another in `bytes`, or nothing when they have another form than the shortest. */
export function readItems(bytes: Uint8Array): Item[] | undefined {
  const found: Item[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const item = readItem(rest);
    if (item === undefined) return undefined;
    found.push(item);
    rest = rest.subarray(item.encoded.length);
  }
  return found;
}

function readItem(bytes: Uint8Array): Item | undefined {
  const [prefix = 0, second = 0] = bytes;
  if (prefix < 0x80) return { list: false, content: bytes.subarray(0, 1), encoded: bytes.subarray(0, 1) };
  const list = prefix >= 0xc0;
  const short = prefix - (list ? 0xc0 : 0x80);
  const width = Math.max(0, short - 55);
  const digits = bytes.subarray(1, 1 + width);
  if (digits.length < width || (width > 0 && second === 0)) return undefined;
  const length = width === 0 ? short : Number(digits.reduce((sum, digit) => sum * 256n + BigInt(digit), 0n));
  if (width > 0 && length < 56) return undefined;
  const content = bytes.subarray(1 + width, 1 + width + length);
  if (content.length < length) return undefined;
  if (!list && length === 1 && (content[0] ?? 0) < 0x80) return undefined;
  return { list, content, encoded: bytes.subarray(0, 1 + width + length) };
}

/** A string or a list in its shortest form, or with `width` bytes of length although it needs fewer. */
export function writeItem(list: boolean, content: Uint8Array, width = 0): Uint8Array {
  if (!list && content.length === 1 && (content[0] ?? 0) < 0x80 && width === 0) return content;
  const base = list ? 0xc0 : 0x80;
  const digits: number[] = [];
  for (let length = content.length; length > 0; length = Math.floor(length / 256)) digits.unshift(length % 256);
  while (digits.length < width) digits.unshift(0);
  const long = width > 0 || content.length > 55;
  return new Uint8Array([
    long ? base + 55 + digits.length : base + content.length,
    ...(long ? digits : []),
    ...content,
  ]);
}
