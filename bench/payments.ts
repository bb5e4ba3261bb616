import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, type ContractTransactionResponse, id, type JsonRpcProvider, MaxUint256, toBeHex } from "ethers";
import { coinAt } from "../deploy/deployment.ts";
import { currencyCode } from "../deploy/modules/finance-chain.ts";
import { documentTypes } from "../scripts/local/entities.ts";
import { type LocalNetwork, startLocalNetwork } from "../scripts/local/network.ts";
import { actor, financeAs, type ScenarioContext } from "../scripts/scenarios/context.ts";
import { hashOf, proveDocument } from "../scripts/scenarios/evidence.ts";
import { Journey } from "../scripts/scenarios/journey.ts";
import { orderOf } from "../scripts/scenarios/orders.ts";
import { quoteDollars, refreshRates } from "../scripts/scenarios/quotes.ts";
import { Timeline } from "../scripts/terminal/timeline.ts";
import { developmentWallet } from "../src/config/development.ts";
import { deployBenchContract } from "./bench-contract.ts";

/** Gas units of whole transactions on the deployed contracts. */
export interface PaymentGas {
  /** Verdict on two documents, conversion, both coins and net positions: the second such payment of a cycle, on the same two. */
  payment: number;
  /** A verdict over six declarations, drawn on for the second time, by a product that does nothing else. */
  verdict6: number;
}

const AMOUNT = 5_000_000_000n;
const SPREAD_BPS = 8n;
const DECLARATIONS = 6;
const managerAbi = [
  "function schedule(address target, bytes data, uint48 when) returns (bytes32, uint32)",
  "function execute(address target, bytes data) payable returns (uint32)",
];

export async function measurePayments(): Promise<PaymentGas> {
  const directory = mkdtempSync(join(tmpdir(), "huangpu-bench-"));
  const quiet = { logLevel: "warn", progress: () => undefined } as const;
  const ports = { trade: 0, finance: 0 };
  const network = await startLocalNetwork({ blockTimeMs: 0, ports, directory, clearing: false, ...quiet });
  try {
    const context = contextOf(network, directory);
    const documents = [
      await prove(context, "invoice", documentTypes.commercialInvoice),
      await prove(context, "declaration", documentTypes.customsDeclaration),
    ];
    await refreshRates(context);
    await pay(context, documents, 1n);
    return { payment: await pay(context, documents, 2n), verdict6: await verdict(context) };
  } finally {
    await network.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function contextOf({ deployment, trade, finance }: LocalNetwork, directory: string): ScenarioContext {
  const timeline = new Timeline({ width: 100, write: () => undefined, interactive: false });
  const centralLedger = { url: "", adminUrl: "" };
  return { deployment, trade: trade.provider, finance: finance.provider, centralLedger, timeline, directory };
}

/** The importer pays the exporter dollars out of its yuan, on an invoice and a declaration; the gas of each payment. */
async function pay(context: ScenarioContext, documents: readonly string[], nonce: bigint): Promise<number> {
  const { deployment } = context;
  const { quote, signature } = await quoteDollars(context, "buyer", AMOUNT, SPREAD_BPS, nonce);
  const { payments, coin } = financeAs(context, "buyer");
  if (nonce === 1n) await gasOf(coin("CNY").approve(deployment.finance.payments, MaxUint256));
  const plain = { payer: "buyer", payee: "seller", currency: "USD", amount: AMOUNT } as const;
  const order = await orderOf(context, { ...plain, endToEndId: `payment ${nonce}`, documents });
  const endToEndId = toBeHex(nonce, 32); // counts up, so that it shares a slot
  const converted = { ...order, endToEndId, payerCoin: coinAt(deployment, "CNY"), maxDebit: quote.sellAmount };
  return await gasOf(payments.pay(converted, quote, signature));
}

/** The product is admitted as the consortium would do it: announced, and carried out after the delay. */
async function verdict(context: ScenarioContext): Promise<number> {
  const { deployment, finance } = context;
  const documents: string[] = [];
  for (let index = 0; index < DECLARATIONS; index++) {
    documents.push(await prove(context, `declaration ${index}`, documentTypes.customsDeclaration));
  }
  const { evidenceLedger, authority } = deployment.finance;
  const { address, abi } = await deployBenchContract("BenchProduct", finance, [evidenceLedger]);
  await admitProduct(context, authority, evidenceLedger, address);
  const product = new Contract(address, abi, actor("buyer", finance));
  const draw = (name: string) => {
    const terms = [id(name), developmentWallet("seller").address, currencyCode("USD"), AMOUNT / 10n, documents];
    return gasOf(product.getFunction("pay")(...terms));
  };
  await draw("first verdict");
  return await draw("second verdict");
}

async function admitProduct(context: ScenarioContext, authority: string, ledger: string, product: string) {
  const { finance } = context;
  const manager = new Contract(authority, managerAbi, actor("validatorAdmin", finance));
  const { evidenceLedger } = financeAs(context, "validatorAdmin");
  const data = evidenceLedger.interface.encodeFunctionData("setProduct", [product, true]);
  await gasOf(manager.getFunction("schedule")(ledger, data, 0));
  await passDelay(finance);
  await gasOf(manager.getFunction("execute")(ledger, data));
}

async function passDelay(finance: JsonRpcProvider): Promise<void> {
  const GOVERNANCE_DELAY = 172_800;
  await finance.send("evm_increaseTime", [GOVERNANCE_DELAY]);
  await finance.send("evm_mine", []);
}

async function prove(context: ScenarioContext, name: string, type: number): Promise<string> {
  const { trade, finance, timeline } = context;
  const hash = hashOf(name);
  const issuer = type === documentTypes.customsDeclaration ? "broker" : "seller";
  const parties = { debtor: "buyer", creditor: "seller", currency: "USD", amount: 2n * AMOUNT } as const;
  await proveDocument(context, new Journey(timeline, { trade, finance }), { hash, name, type, issuer, ...parties });
  return hash;
}

async function gasOf(sending: Promise<ContractTransactionResponse>): Promise<number> {
  const receipt = await (await sending).wait();
  if (receipt === null) throw new Error("The transaction has no receipt");
  return Number(receipt.gasUsed);
}
