import { readFileSync } from "node:fs";
import { Interface } from "ethers/abi";

/** The ABI of a compiled contract, by its path under `contracts/` without the ending. */
export function loadAbi(path: string): Interface {
  const file = new URL(`../../artifacts/contracts/${path}.sol/${path.split("/").at(-1)}.json`, import.meta.url);
  return new Interface(JSON.parse(readFileSync(file, "utf8")).abi);
}

export const gatewayAbi = loadAbi("bridge/Gateway");
export const lightClientAbi = loadAbi("bridge/LightClient");
export const headersAbi = loadAbi("bridge/AttestedHeaders");
export const qbftHeadersAbi = loadAbi("bridge/QbftHeaders");
export const recipientAbi = new Interface([
  "function receiveMessage(bytes32 receiveId, bytes sender, bytes payload) payable returns (bytes4)",
]);
