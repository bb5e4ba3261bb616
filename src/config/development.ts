import { HDNodeWallet } from "ethers/wallet";

/** Hardhat's published mnemonic. Everybody has its keys, so it is good for nothing but the two local chains. */
export const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

export const LOCAL_CHAIN_IDS = { trade: 7101, finance: 7102 } as const;

/** Who acts with which account of the development mnemonic; the position is the derivation index. */
export const developmentAccounts = [
  "deployer",
  "admin",
  "operator",
  "guardian",
  "registrar",
  "accreditor",
  "arbiter",
  "issuer",
  "compliance",
  "validatorAdmin",
  "relayer",
  "attestor1",
  "attestor2",
  "attestor3",
  "attestor4",
  "seller",
  "buyer",
  "carrier",
  "broker",
  "stranger",
] as const;

export type DevelopmentAccount = (typeof developmentAccounts)[number];

export function developmentWallet(account: DevelopmentAccount): HDNodeWallet {
  return parentWallet().deriveChild(developmentAccounts.indexOf(account));
}

/** Whether an address is one of the development mnemonic's, whose key is public. */
export function isDevelopmentAddress(address: string): boolean {
  const parent = parentWallet();
  return developmentAccounts.some((_, index) => parent.deriveChild(index).address.toLowerCase() === address.toLowerCase());
}

export function isLocalChain(chainId: number): boolean {
  return chainId === LOCAL_CHAIN_IDS.trade || chainId === LOCAL_CHAIN_IDS.finance;
}

function parentWallet(): HDNodeWallet {
  return HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, undefined, "m/44'/60'/0'/0");
}
