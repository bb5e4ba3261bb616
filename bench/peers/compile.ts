import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

export interface CompiledContract {
  abi: object[];
  bytecode: string;
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<string, Record<string, { abi: object[]; evm: { bytecode: { object: string } } }>>;
}

interface Compiler {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } | { error: string } }): string;
}

const HERE = new URL("./", import.meta.url);
const HYPERLANE = "@hyperlane-xyz/core";
const AXELAR = "@axelar-network/axelar-gmp-sdk-solidity";

/** Where packages find what they import; Hyperlane's brings the OpenZeppelin that it is built with. */
const REMAPPINGS: readonly (readonly [string, string])[] = [
  ["@openzeppelin/contracts/", `${HYPERLANE}/dependencies/@openzeppelin-contracts-4.9.3/contracts/`],
  [
    "@openzeppelin/contracts-upgradeable/",
    `${HYPERLANE}/dependencies/@openzeppelin-contracts-upgradeable-4.9.3/contracts/`,
  ],
];

const SOURCES = {
  Mailbox: `${HYPERLANE}/contracts/Mailbox.sol`,
  MerkleTreeHook: `${HYPERLANE}/contracts/hooks/MerkleTreeHook.sol`,
  PausableHook: `${HYPERLANE}/contracts/hooks/PausableHook.sol`,
  StaticMessageIdMultisigIsmFactory: `${HYPERLANE}/contracts/isms/multisig/StaticMultisigIsm.sol`,
  AxelarAmplifierGateway: `${AXELAR}/contracts/gateway/AxelarAmplifierGateway.sol`,
  AxelarAmplifierGatewayProxy: `${AXELAR}/contracts/gateway/AxelarAmplifierGatewayProxy.sol`,
  HyperlaneRecipient: "contracts/PeerRecipients.sol",
  AxelarRecipient: "contracts/PeerRecipients.sol",
} as const;

export type PeerContract = keyof typeof SOURCES;
export type PeerContracts = Record<PeerContract, CompiledContract>;

export const COMPILER_SETTINGS = { evmVersion: "cancun", viaIR: false, optimizer: { enabled: true, runs: 200 } };

/**
 * The peers' contracts as published, by this project's compiler.
 * @throws Error when they are not installed, or do not compile.
 */
export function compilePeers(): PeerContracts {
  if (!existsSync(new URL(`node_modules/${HYPERLANE}`, HERE))) {
    throw new Error("The peers are not installed: npm --prefix bench/peers ci");
  }
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.values(SOURCES).map((path) => [path, { content: read(path) }])),
    settings: {
      ...COMPILER_SETTINGS,
      remappings: REMAPPINGS.map(([from, to]) => `${from}=${to}`),
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
    },
  };
  const compiler: Compiler = createRequire(import.meta.url)("solc");
  const output: Output = JSON.parse(compiler.compile(JSON.stringify(input), { import: findImport }));
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));

  const compiled = Object.entries(SOURCES).map(([name, path]) => {
    const contract = output.contracts[path]?.[name];
    if (contract === undefined) throw new Error(`${path} has no contract ${name}`);
    return [name, { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` }];
  });
  return Object.fromEntries(compiled);
}

function findImport(path: string): { contents: string } | { error: string } {
  try {
    return { contents: read(path) };
  } catch {
    return { error: `${path} is not installed` };
  }
}

function read(path: string): string {
  const folder = path.startsWith("contracts/") ? "" : "node_modules/";
  return readFileSync(fileURLToPath(new URL(folder + path, HERE)), "utf8");
}
