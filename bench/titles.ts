import type { Contract } from "ethers/contract";
import type { Hardfork } from "../scripts/local/chains.ts";
import { theirTitle } from "./peers/trade-trust.ts";
import { seededBytes } from "./seeded-bytes.ts";
import {
  BILL_OF_LADING,
  CARRIER,
  carrierOf,
  gasOf,
  partyOf,
  type Title,
  type TitlesWorld,
  withTitlesWorld,
} from "./titles-world.ts";

/** What is done with a title, each by one transaction. */
export interface TitleGas {
  /** Issued, with holder and owner apart. */
  mint: number;
  /** Control to somebody else. */
  control: number;
  /** Control and ownership to somebody else. */
  endorse: number;
  /** Back to the issuer, by who holds and owns it. */
  surrender: number;
  /** The issuer's answers. */
  reject: number;
  accept: number;
}

export interface TitlesGas {
  /** A document with no trade and no value. */
  anchor: number;
  /** 1,024 documents under one root, all in all. */
  anchorBatch1024: number;
  /** With a title on which the same was done before. */
  title: TitleGas;
  /** With a title on which nothing was done before. */
  titleFirst: TitleGas;
  /** Control and ownership to somebody who has to accept: two transactions. */
  offer: number;
  acceptOffer: number;
  /** TradeTrust's contracts as published. */
  tradeTrust: TitleGas;
  tradeTrustFirst: TitleGas;
}

const BATCH = 1_024;
const TO_ORDER = 1;
const CONTROL_AND_OWNERSHIP = 2;
const DELIVERY = 0;
const NOTHING = `0x${"00".repeat(32)}`;

export async function measureTitles(hardfork: Hardfork = "cancun"): Promise<TitlesGas> {
  return await withTitlesWorld(hardfork, async (world) => {
    const { documents, parties } = world;
    const own = documents.connect(carrierOf(parties)) as Contract;
    const anchor = (name: string) => gasOf(own.getFunction("anchor")(seededBytes(name, 32), BILL_OF_LADING, NOTHING));
    const batch = (name: string) => gasOf(own.getFunction("anchorBatch")(seededBytes(name, 32), BATCH, BILL_OF_LADING));
    await anchor("first document");
    await batch("first batch");
    const ours = async (name: string) => ourTitle(world, name);
    const theirs = async (name: string) => await theirTitle(world, name);
    return {
      anchor: await anchor("second document"),
      anchorBatch1024: await batch("second batch"),
      titleFirst: await fresh(ours),
      title: await wholeLife(await ours("life")),
      ...(await measureOffer(world)),
      tradeTrustFirst: await fresh(theirs),
      tradeTrust: await wholeLife(await theirs("life")),
    };
  });
}

/** Each act on a title on which nothing was done before, of the first titles there are. */
async function fresh(open: (name: string) => Promise<Title>): Promise<TitleGas> {
  const [handed, endorsed, refused, accepted] = [
    await open("handed over"),
    await open("endorsed"),
    await open("refused"),
    await open("accepted"),
  ];
  const mint = await handed.mint(1, 2);
  for (const title of [endorsed, refused, accepted]) await title.mint(1, 1);
  await accepted.surrender(1);
  return {
    mint,
    control: await handed.control(1, 3),
    endorse: await endorsed.endorse(1, 2),
    surrender: await refused.surrender(1),
    reject: await refused.reject(),
    accept: await accepted.accept(),
  };
}

/** One more title's life: to and fro, endorsed twice, surrendered, refused, surrendered again, accepted. The later time counts. */
async function wholeLife(title: Title): Promise<TitleGas> {
  const mint = await title.mint(1, 2);
  await title.control(1, 3);
  const control = await title.control(3, 2);
  await title.endorse(2, 4);
  const endorse = await title.endorse(4, 5);
  await title.surrender(5);
  const reject = await title.reject();
  const surrender = await title.surrender(5);
  return { mint, control, endorse, surrender, reject, accept: await title.accept() };
}

function ourTitle({ titles, parties }: TitlesWorld, name: string): Title {
  const titleId = seededBytes(name, 32);
  const as = (party: number, act: string, ...args: unknown[]) =>
    gasOf((titles.connect(partyOf(parties, party)) as Contract).getFunction(act)(...args));
  return {
    mint: (holder, owner) => {
      const [issuer, first, second] = [CARRIER, holder, owner].map((party) => partyOf(parties, party));
      return as(CARRIER, "issue", { titleId, issuer, holder: first, owner: second, form: TO_ORDER, paper: NOTHING });
    },
    control: (from, to) => as(from, "transferControl", titleId, partyOf(parties, to)),
    endorse: (from, to) => as(from, "endorseAndTransfer", titleId, partyOf(parties, to), TO_ORDER),
    surrender: (by) => as(by, "surrender", titleId, DELIVERY, NOTHING),
    reject: () => as(CARRIER, "rejectSurrender", titleId, NOTHING),
    accept: () => as(CARRIER, "acceptForDelivery", titleId),
  };
}

/** The second title that is offered. */
async function measureOffer(world: TitlesWorld): Promise<{ offer: number; acceptOffer: number }> {
  const { titles, parties } = world;
  const UNTIL = 2n ** 40n - 1n;
  const gas = { offer: 0, acceptOffer: 0 };
  for (const name of ["offered title", "other offered title"]) {
    const titleId = seededBytes(name, 32);
    await ourTitle(world, name).mint(1, 1);
    const terms = { recipient: partyOf(parties, 2), gives: CONTROL_AND_OWNERSHIP, form: TO_ORDER };
    const offer = { ...terms, until: UNTIL, enforceableFrom: 0 };
    const as = (party: number, act: string) =>
      gasOf((titles.connect(partyOf(parties, party)) as Contract).getFunction(act)(titleId, offer));
    gas.offer = await as(1, "offer");
    gas.acceptOffer = await as(2, "accept");
  }
  return gas;
}
