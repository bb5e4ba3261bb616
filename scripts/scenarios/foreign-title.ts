import { type Contract, type ErrorDescription, encodeBytes32String, type TransactionReceipt } from "ethers";
import { coinAt } from "../../deploy/deployment.ts";
import { currencyCode } from "../../deploy/modules/finance-chain.ts";
import { developmentWallet } from "../../src/config/development.ts";
import { encodeHeader, type RpcBlock } from "../../src/core/block-header.ts";
import { type Hex, keccakText } from "../../src/core/hex.ts";
import { readTitleStorage, type TitleCondition, type TitleProof } from "../../src/titles/title-proof.ts";
import { actor, financeAs, type ScenarioContext, timeOf, tradeAs, until } from "./context.ts";
import { crossing } from "./crossing.ts";
import type { Journey } from "./journey.ts";
import { money } from "./money.ts";
import { refusalOf } from "./refusals.ts";
import { deployTokenRegistry, titleEscrow } from "./token-registry.ts";

const THIRTY_DAYS = 30 * 24 * 3600;
export const NO_REMARK = "0x";

/** A trade that is paid in one part, when a title of another registry has gone to the importer. */
export interface TitleTrade {
  tradeId: string;
  reference: string;
  condition: TitleCondition;
  /** Title registry, as the carrier calls it. */
  registry: Contract;
  /** Address of the title's escrow. */
  escrow: string;
}

/** Exporter and importer agree on a title that the carrier has minted to the exporter; the importer pays into the escrow. */
export async function agreeOnTitle(context: ScenarioContext, journey: Journey, amount: bigint): Promise<TitleTrade> {
  const reference = `TT-${Date.now().toString(36).toUpperCase()}`;
  const { registry, condition, escrow } = await mintTitle(context, journey, reference);
  const asSeller = tradeAs(context, "seller").tradeBook;
  const agreedOn = {
    buyer: condition.holder,
    currency: currencyCode("USD"),
    coin: coinAt(context.deployment, "USD"),
    amount,
    expiry: (await timeOf(context.trade)) + THIRTY_DAYS,
    purchaseReference: encodeBytes32String(reference),
    milestones: [{ share: 10_000, requirements: [] }],
    titles: [condition],
  };
  const tradeId = await asSeller.propose.staticCall(agreedOn);
  await journey.act("trade", `Exporter offers ${money("USD", amount)} of goods for it`, asSeller.propose(agreedOn));
  const accepting = tradeAs(context, "buyer").tradeBook.accept(tradeId);
  await journey.act("trade", "Importer accepts; the title is kept for this trade", accepting);

  const { settlement, coin } = financeAs(context, "buyer");
  const opened = await crossing(context.timeline, "the agreement crosses to the finance chain", () =>
    settlement.queryFilter(settlement.filters.EscrowOpened(tradeId)),
  );
  await journey.arrive("finance", "Escrow opens, to be released by a title", opened);
  const { settlement: payee } = context.deployment.finance;
  await journey.act("finance", "Importer allows the payment", coin("USD").approve(payee, amount));
  await journey.act("finance", `Importer pays in ${money("USD", amount)}`, settlement.fund(tradeId, amount));
  return { tradeId, reference, condition, registry, escrow };
}

async function mintTitle(context: ScenarioContext, journey: Journey, reference: string) {
  const carrier = actor("carrier", context.trade);
  const { registry } = await context.timeline.waiting("a TradeTrust registry", deployTokenRegistry(carrier));
  const address = (await registry.getAddress()).toLowerCase() as Hex;
  const { tradeBook } = tradeAs(context, "accreditor");
  const recognising = tradeBook.recogniseTitleRegistry(address, true);
  await journey.act("trade", `Trade book recognises the carrier's TradeTrust registry ${short(address)}`, recognising);

  const tokenId = BigInt(keccakText(reference));
  const [seller, buyer] = [developmentWallet("seller").address, developmentWallet("buyer").address];
  const minting = registry.getFunction("mint")(seller, seller, tokenId, NO_REMARK);
  await journey.act("trade", "Carrier mints the bill of lading to the exporter", minting);
  const escrow: string = await registry.getFunction("ownerOf")(tokenId);
  const to = buyer.toLowerCase() as Hex;
  return { registry, escrow, condition: { registry: address, tokenId, holder: to, beneficiary: to } };
}

/** Somebody acts on the title in TradeTrust's own contracts. */
export async function actOnTitle(
  context: ScenarioContext,
  journey: Journey,
  { escrow }: TitleTrade,
  [who, text]: ["seller" | "buyer", string],
  name: string,
  ...args: unknown[]
): Promise<TransactionReceipt> {
  const contract = titleEscrow(escrow, actor(who, context.trade));
  return await journey.act("trade", text, contract.getFunction(name)(...args, NO_REMARK));
}

/** The proof as of the newest block that the finance chain's light client holds: it needs nobody's signature. */
export async function proveAtHeld(context: ScenarioContext, { condition }: TitleTrade): Promise<TitleProof> {
  const { lightClient } = financeAs(context, "stranger");
  const held = (await lightClient.queryFilter(lightClient.filters.HeaderAccepted())).at(-1)?.args.number ?? 0n;
  const number = Number(held);
  const tradeBook = context.deployment.trade.tradeBook as Hex;
  const { trade } = context;
  const request = async <T>(method: string, params: unknown[]) => (await trade.send(method, params)) as T;
  const block = await request<RpcBlock & { hash: Hex }>("eth_getBlockByNumber", [`0x${held.toString(16)}`, false]);
  const storage = await readTitleStorage({ name: "trade", request }, tradeBook, condition, number);
  return { header: encodeHeader(block), seal: "0x", ...storage };
}

/** What the settlement says to a proof of the title as it is. */
export async function refusedProof(context: ScenarioContext, trade: TitleTrade): Promise<ErrorDescription> {
  const { settlement } = financeAs(context, "seller");
  const proof = await proveAtHeld(context, trade);
  return await refusalOf(settlement.reachByTitle.staticCall(trade.tradeId, 0, proof, []));
}

/** Blocks of the agreement's own second count as before it. */
export async function laterThanAgreed(context: ScenarioContext, { tradeId }: TitleTrade): Promise<void> {
  const { agreedAt } = (await financeAs(context, "stranger").settlement.titlesOf(tradeId)).titles;
  await until("the second after the agreement", async () => Date.now() / 1_000 > Number(agreedAt) + 1 || undefined);
}

export function short(hex: string): string {
  return `${hex.slice(0, 10)}…`;
}
