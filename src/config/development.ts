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
  "issuerUsd",
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
  "issuerCnh",
  "reservesUsd",
  "reservesCnh",
  "clearingAgent",
  "risk",
  "forex",
  "rateReporter1",
  "rateReporter2",
  "rateReporter3",
  "settlementAgent",
  "fxProvider",
  "bank1",
  "bank2",
  "bank3",
  "bank4",
  "bank5",
  "bank6",
  "buyerElsewhere",
  "customer1",
  "customer2",
  "customer3",
  "customer4",
  "customer5",
  "customer6",
  "chamber",
  "insurer",
  "inspector",
  "warehouse",
  "shipOwner",
] as const;

export type DevelopmentAccount = (typeof developmentAccounts)[number];

/** What accounts are derived from; made once, because stretching the mnemonic is slow on purpose. */
let parent: HDNodeWallet | undefined;
const wallets = new Map<number, HDNodeWallet>();

export function developmentWallet(account: DevelopmentAccount): HDNodeWallet {
  return derive(developmentAccounts.indexOf(account));
}

function derive(index: number): HDNodeWallet {
  parent ??= HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, undefined, "m/44'/60'/0'/0");
  const wallet = wallets.get(index) ?? parent.deriveChild(index);
  wallets.set(index, wallet);
  return wallet;
}

/** Which of some addresses are the development mnemonic's, whose keys are public. */
export function developmentAddresses(among: readonly string[]): string[] {
  const published = new Set(developmentAccounts.map((_, index) => derive(index).address.toLowerCase()));
  return among.filter((address) => published.has(address.toLowerCase()));
}

export function isDevelopmentAddress(address: string): boolean {
  return developmentAddresses([address]).length > 0;
}

export function isLocalChain(chainId: number): boolean {
  return chainId === LOCAL_CHAIN_IDS.trade || chainId === LOCAL_CHAIN_IDS.finance;
}
