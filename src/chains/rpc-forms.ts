/** What the answer to a method looks like, whatever it says. */
export interface RpcForm {
  isWellFormed(result: unknown): boolean;
  /** Whether the node says that it has no such thing, although another may. */
  isAbsent?(result: unknown): boolean;
}

const HASH = /^0x[0-9a-f]{64}$/i;

/** A number that a double holds exactly: what is none would pass every comparison with a height. */
export const QUANTITY: RpcForm = {
  isWellFormed: (result) => isQuantity(result) && Number.isSafeInteger(Number(result)),
};

export const GAS: RpcForm = { isWellFormed: isQuantity };

export const HEX: RpcForm = { isWellFormed: isHex };

export const BLOCK: RpcForm = {
  isWellFormed: (result) =>
    result === null ||
    (isObject(result) && isQuantity(result["number"]) && isHex(result["hash"]) && HASH.test(result["hash"])),
  isAbsent: (result) => result === null,
};

export const LOGS: RpcForm = {
  isWellFormed: (result) => Array.isArray(result) && result.every(isLog),
};

export const RECEIPT: RpcForm = {
  isWellFormed: (result) =>
    result === null ||
    (isObject(result) &&
      isQuantity(result["status"]) &&
      QUANTITY.isWellFormed(result["blockNumber"]) &&
      isQuantity(result["gasUsed"]) &&
      LOGS.isWellFormed(result["logs"])),
};

export const PROOF: RpcForm = {
  isWellFormed: (result) =>
    isObject(result) &&
    isHexList(result["accountProof"]) &&
    Array.isArray(result["storageProof"]) &&
    result["storageProof"].every((entry) => isObject(entry) && isHexList(entry["proof"])),
};

export const ANYTHING: RpcForm = { isWellFormed: () => true };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isHex(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]*$/i.test(value);
}

function isQuantity(value: unknown): boolean {
  return typeof value === "string" && /^0x[0-9a-f]+$/i.test(value);
}

function isHexList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isHex);
}

function isLog(value: unknown): boolean {
  return (
    isObject(value) && isHexList(value["topics"]) && isHex(value["data"]) && QUANTITY.isWellFormed(value["blockNumber"])
  );
}
