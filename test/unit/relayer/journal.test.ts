import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { SentMessage } from "../../../src/chains/gateway.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { append, genesis } from "../../../src/core/message-chain.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const random = new SeededRandom(1);
const GATEWAY = random.hex(20);
const [ANN, BOB] = ["0x01", "0x02"].map((start) => `${start}${"00".repeat(19)}`) as [Hex, Hex];
const HERE = "trade-to-finance";
const genesisOf = (sender: Hex) => genesis(7101, GATEWAY, sender);

/** Messages of a sender, going on from a head, one block each from `block` on. */
function sent(sender: Hex, count: number, after = genesisOf(sender), block = 1): SentMessage[] {
  let head = after;
  return Array.from({ length: count }, (_, index) => {
    const message = { recipient: random.hex(20), payload: random.hex(random.below(100)) };
    head = append(head, message);
    return { ...message, id: head, sender, block: block + index };
  });
}

const ACCOUNT = { chainId: 7102, address: random.hex(20) };
const idAt = (messages: readonly SentMessage[], index: number): Hex => messages.at(index)?.id as Hex;
const block = (number: number) => ({ number, hash: random.hex(32) });

describe("Journal", () => {
  const file = scratchFolder();
  let journal: Journal;
  beforeEach(() => {
    journal = new Journal(file("journal.sqlite"));
  });
  afterEach(() => journal.close());

  const reopen = () => {
    journal.close();
    journal = new Journal(file("journal.sqlite"));
  };

  it("of another version is begun anew, but stays halted and knows what was signed", () => {
    const halt = { block: 3, journalled: random.hex(32), given: random.hex(32), ancestor: 2 };
    const signed = { nonce: 7, attempt: 1, hash: random.hex(32), raw: random.hex(90), maxFeePerGas: 5n };
    journal.record(HERE, sent(ANN, 2), block(2), genesisOf);
    journal.transactions.launch(ACCOUNT, [signed]);
    journal.blocks.halt(HERE, halt);
    journal.close();
    const database = new DatabaseSync(file("journal.sqlite"));
    database.exec("PRAGMA user_version = 1");
    database.close();
    journal = new Journal(file("journal.sqlite"));
    expect(journal.lanes(HERE)).to.deep.equal([]);
    expect(journal.blocks.scanned(HERE)).to.equal(undefined);
    expect(journal.blocks.halted(HERE)).to.deep.equal(halt);
    expect(journal.transactions.nonces(ACCOUNT)).to.deep.equal([{ nonce: 7, attempts: [signed], block: undefined }]);
  });
  const contents = () => ({
    scanned: journal.blocks.scanned(HERE),
    lanes: journal.lanes(HERE),
    ann: journal.pending(HERE, ANN, 0, 1_000),
    bob: journal.pending(HERE, BOB, 0, 1_000),
    inFlight: journal.transactions.nonces(ACCOUNT),
  });

  it("is empty at first", () => {
    expect(contents()).to.deep.equal({ scanned: undefined, lanes: [], ann: [], bob: [], inFlight: [] });
  });

  describe("record", () => {
    it("writes the messages of every sender and the block read to", () => {
      const [ann, bob] = [sent(ANN, 3), sent(BOB, 2)];
      const through = block(9);
      journal.record(
        HERE,
        [...ann, ...bob].toSorted((a, b) => a.block - b.block),
        through,
        genesisOf,
      );
      expect(journal.blocks.scanned(HERE)).to.deep.include(through);
      expect(journal.lanes(HERE).map((lane) => ({ ...lane }))).to.deep.equal([
        { sender: ANN, final: 0, delivered: 0, head: genesisOf(ANN), pending: 3 },
        { sender: BOB, final: 0, delivered: 0, head: genesisOf(BOB), pending: 2 },
      ]);
      expect(journal.pending(HERE, ANN, 1, 10).map((message) => ({ ...message }))).to.deep.equal(
        ann.map(({ sender: _, ...message }, index) => ({ ...message, position: index + 1 })),
      );
    });

    it("goes on where it was", () => {
      const ann = sent(ANN, 10);
      for (let index = 0; index < 10; index++)
        journal.record(HERE, ann.slice(index, index + 1), block(index), genesisOf);
      expect(journal.pending(HERE, ANN, 1, 10).map(({ id }) => id)).to.deep.equal(ann.map(({ id }) => id));
      expect(journal.blocks.scanned(HERE)?.number).to.equal(9);
    });

    it("writes the block when there are no messages", () => {
      journal.record(HERE, [], block(4), genesisOf);
      expect(journal.blocks.scanned(HERE)?.number).to.equal(4);
      expect(journal.lanes(HERE)).to.deep.equal([]);
    });

    it("keeps directions apart", () => {
      journal.record(HERE, sent(ANN, 3), block(4), genesisOf);
      expect(journal.blocks.scanned("finance-to-trade")).to.equal(undefined);
      expect(journal.lanes("finance-to-trade")).to.deep.equal([]);
      expect(journal.pending("finance-to-trade", ANN, 1, 10)).to.deep.equal([]);
    });

    const spoilt: Record<string, (messages: SentMessage[]) => SentMessage[]> = {
      "is missing": (messages) => messages.toSpliced(2, 1),
      "is there twice": (messages) => messages.toSpliced(2, 0, messages[2] as SentMessage),
      "was altered": (messages) => messages.with(2, { ...(messages[2] as SentMessage), payload: "0x99" }),
      "came in another order": (messages) => messages.toReversed(),
      "was sent by another gateway": (messages) => sent(ANN, messages.length, genesis(7101, ANN, ANN)),
    };
    for (const [what, spoil] of Object.entries(spoilt)) {
      it(`fails with RPC_INCONSISTENT when a message ${what}, and writes nothing of any sender`, async () => {
        journal.record(HERE, sent(BOB, 1), block(1), genesisOf);
        const before = contents();
        const bob = sent(BOB, 2, before.bob[0]?.id);
        const error = await thrown("RPC_INCONSISTENT", () =>
          journal.record(HERE, [...bob, ...spoil(sent(ANN, 5))], block(9), genesisOf),
        );
        expect(error.fields).to.include({ direction: HERE, sender: ANN });
        expect(contents()).to.deep.equal(before);
      });
    }

    it("fails with RPC_INCONSISTENT when the messages of a range were left out before", async () => {
      const ann = sent(ANN, 6);
      journal.record(HERE, ann.slice(0, 2), block(2), genesisOf);
      journal.record(HERE, [], block(4), genesisOf);
      const error = await thrown("RPC_INCONSISTENT", () => journal.record(HERE, ann.slice(4), block(6), genesisOf));
      expect(error.fields).to.include({ after: idAt(ann, 1), id: idAt(ann, 4), block: 5 });
      expect(journal.blocks.scanned(HERE)?.number).to.equal(4);
    });
  });

  describe("advance", () => {
    it("moves what is delivered, forwards and back, and keeps the messages", () => {
      const ann = sent(ANN, 5);
      journal.record(HERE, ann, block(5), genesisOf);
      journal.advance(HERE, ANN, 4, idAt(ann, 3));
      expect(journal.lanes(HERE)[0]).to.deep.include({ final: 0, delivered: 4, head: idAt(ann, 3), pending: 1 });
      journal.advance(HERE, ANN, 1, idAt(ann, 0));
      expect(journal.lanes(HERE)[0]).to.deep.include({ delivered: 1, head: idAt(ann, 0), pending: 4 });
      expect(contents().ann).to.have.length(5);
      expect(journal.positionOf(HERE, ANN, genesisOf(ANN))).to.equal(0);
    });
  });

  describe("finalise", () => {
    it("forgets what is final and keeps the rest at its place", () => {
      const ann = sent(ANN, 5);
      journal.record(HERE, ann, block(5), genesisOf);
      journal.finalise(HERE, ANN, 2, idAt(ann, 1));
      expect(journal.lanes(HERE)[0]).to.deep.include({ final: 2, delivered: 2, head: idAt(ann, 1), pending: 3 });
      expect(journal.pending(HERE, ANN, 1, 10).map(({ position }) => position)).to.deep.equal([3, 4, 5]);
      expect(journal.positionOf(HERE, ANN, idAt(ann, 0))).to.equal(undefined);
      expect(journal.positionOf(HERE, ANN, idAt(ann, 1))).to.equal(2);
      expect(journal.positionOf(HERE, ANN, idAt(ann, 2))).to.equal(3);
      expect(journal.finalBlock(HERE)).to.equal(2);
    });

    it("takes nothing back that is delivered beyond it", () => {
      const ann = sent(ANN, 5);
      journal.record(HERE, ann, block(5), genesisOf);
      journal.advance(HERE, ANN, 4, idAt(ann, 3));
      journal.finalise(HERE, ANN, 2, idAt(ann, 1));
      expect(journal.lanes(HERE)[0]).to.deep.include({ final: 2, delivered: 4, head: idAt(ann, 3), pending: 1 });
    });

    it("keeps nothing but the head when all is final, and goes on from it", async () => {
      const ann = sent(ANN, 4);
      journal.record(HERE, ann.slice(0, 3), block(3), genesisOf);
      journal.finalise(HERE, ANN, 3, idAt(ann, 2));
      expect(contents().ann).to.deep.equal([]);
      await thrown("RPC_INCONSISTENT", () =>
        journal.record(HERE, sent(ANN, 1, genesisOf(ANN), 4), block(4), genesisOf),
      );
      journal.record(HERE, ann.slice(3), block(4), genesisOf);
      expect(journal.positionOf(HERE, ANN, idAt(ann, 3))).to.equal(4);
    });

    it("leaves other senders and directions alone", () => {
      const ann = sent(ANN, 2);
      journal.record(HERE, [...ann, ...sent(BOB, 2)], block(2), genesisOf);
      journal.record("finance-to-trade", ann, block(2), genesisOf);
      journal.finalise(HERE, ANN, 2, idAt(ann, 1));
      expect(contents().bob).to.have.length(2);
      expect(journal.lanes("finance-to-trade")[0]).to.include({ pending: 2, delivered: 0 });
    });
  });

  describe("rewind", () => {
    it("reads again what came after a block, and passes over what is final", () => {
      const ann = sent(ANN, 9);
      journal.record(HERE, ann, block(9), genesisOf);
      journal.advance(HERE, ANN, 8, idAt(ann, 7));
      journal.finalise(HERE, ANN, 4, idAt(ann, 3));
      journal.rewind(HERE, block(2));
      expect(journal.lanes(HERE)[0]).to.deep.include({ final: 4, delivered: 4, head: idAt(ann, 3), pending: 0 });
      journal.record(HERE, ann.slice(2, 3), block(3), genesisOf);
      journal.record(HERE, ann.slice(3), block(9), genesisOf);
      expect(journal.pending(HERE, ANN, 1, 10).map(({ id }) => id)).to.deep.equal(ann.slice(4).map(({ id }) => id));
      expect(journal.lanes(HERE)[0]).to.deep.include({ final: 4, pending: 5 });
    });

    it("keeps what came before", () => {
      const ann = sent(ANN, 9);
      journal.record(HERE, ann, block(9), genesisOf);
      journal.rewind(HERE, block(6));
      expect(journal.blocks.scanned(HERE)?.number).to.equal(6);
      expect(journal.headOf(HERE, ANN)).to.equal(idAt(ann, 5));
      journal.record(HERE, ann.slice(6), block(9), genesisOf);
      expect(journal.lanes(HERE)[0]?.pending).to.equal(9);
    });
  });

  it("returns pending messages from a position on, at most as many as asked for", () => {
    const ann = sent(ANN, 9);
    journal.record(HERE, ann, block(9), genesisOf);
    expect(journal.pending(HERE, ANN, 4, 3).map(({ id }) => id)).to.deep.equal(ann.slice(3, 6).map(({ id }) => id));
    expect(journal.pending(HERE, ANN, 9, 5)).to.have.length(1);
    expect(journal.pending(HERE, ANN, 10, 5)).to.deep.equal([]);
  });

  it("finds the position of pending messages of that sender only", () => {
    const ann = sent(ANN, 3);
    journal.record(HERE, ann, block(3), genesisOf);
    expect(ann.map(({ id }) => journal.positionOf(HERE, ANN, id))).to.deep.equal([1, 2, 3]);
    expect(journal.positionOf(HERE, BOB, idAt(ann, 0))).to.equal(undefined);
    expect(journal.positionOf(HERE, ANN, random.hex(32))).to.equal(undefined);
  });

  it("tells how long payloads are", () => {
    const ann = sent(ANN, 5);
    journal.record(HERE, ann, block(5), genesisOf);
    expect(journal.payloadBytes(HERE, ANN, 2)).to.deep.equal(
      ann.slice(2).map(({ payload }) => (payload.length - 2) / 2),
    );
  });

  it("keeps the newest proof of each sender", () => {
    const proof = { header: random.hex(9), seal: random.hex(9), accountProof: [random.hex(9)], storageProof: [] };
    journal.know(HERE, [ANN], genesisOf);
    expect(journal.proof(HERE, ANN)).to.equal(undefined);
    journal.keepProof(HERE, ANN, { block: 1, head: random.hex(32), proof });
    const kept = { block: 2, head: random.hex(32), proof };
    journal.keepProof(HERE, ANN, kept);
    expect(journal.proof(HERE, ANN)).to.deep.equal(kept);
    expect(journal.proof(HERE, BOB)).to.equal(undefined);
    journal.forget(HERE, genesisOf);
    expect(journal.proof(HERE, ANN)).to.equal(undefined);
  });

  it("keeps everything when it is opened again", () => {
    const ann = sent(ANN, 5);
    journal.record(HERE, [...ann, ...sent(BOB, 3)], block(7), genesisOf);
    journal.finalise(HERE, ANN, 2, idAt(ann, 1));
    journal.transactions.launch(ACCOUNT, [
      { nonce: 3, attempt: 1, hash: random.hex(32), raw: random.hex(200), maxFeePerGas: 2n ** 70n },
    ]);
    const before = contents();
    reopen();
    expect(contents()).to.deep.equal(before);
  });
});
