import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";
import type { Hex } from "../../../src/core/hex.ts";
import { Journal } from "../../../src/relayer/journal.ts";
import { scratchFolder } from "../../support/fakes/scratch.ts";

const ANN: Hex = `0x01${"00".repeat(19)}`;
const HERE = "trade-to-finance";
const FINISHED = 1_000_000;
const CHUNK = 50_000;
const hash = (number: number): Hex => `0x${number.toString(16).padStart(64, "0")}`;

describe("Journal after a million finished messages", function () {
  this.timeout(120_000);
  const file = scratchFolder();

  /** Messages come and go as in years of work: written by SQL, because hashing a million takes longer than the test may. */
  function workThrough(path: string, count: number): void {
    const journal = new Journal(path);
    const database = new DatabaseSync(path);
    journal.know(HERE, [ANN], () => hash(0));
    const insert = database.prepare(
      `WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO message (direction, sender, position, id, recipient, payload, block)
       SELECT '${HERE}', '${ANN}', i, printf('0x%064x', i), '0x', '0x', i FROM n`,
    );
    const last = database.prepare("UPDATE lane SET last = ?, last_head = ?");
    for (let end = CHUNK; end <= count; end += CHUNK) {
      insert.run(end - CHUNK + 1, end);
      last.run(end, hash(end));
      journal.finalise(HERE, ANN, end, hash(end));
    }
    database.close();
    journal.close();
  }

  /** Milliseconds to open it and to find out what is to be done; the best of several. */
  function startUp(path: string): number {
    const times = Array.from({ length: 7 }, () => {
      const begin = performance.now();
      const journal = new Journal(path);
      expect(journal.lanes(HERE).map(({ pending }) => pending)).to.deep.equal([0]);
      journal.transactions.nonces({ chainId: 1, address: ANN });
      journal.blocks.checkpoints(HERE);
      const time = performance.now() - begin;
      journal.close();
      return time;
    });
    return Math.min(...times);
  }

  it("has none of them left, and starts as fast as a new one", () => {
    const [old, fresh] = [file("old.sqlite"), file("fresh.sqlite")];
    workThrough(old, FINISHED);
    workThrough(fresh, 0);
    const journal = new Journal(old);
    expect(journal.lanes(HERE)[0]).to.include({ final: FINISHED, delivered: FINISHED, pending: 0 });
    expect(journal.pending(HERE, ANN, 0, 10)).to.deep.equal([]);
    journal.close();
    expect(startUp(old) / startUp(fresh)).to.be.below(5);
    // Room is used again: the file is as long as what was pending at most.
    expect(statSync(old).size).to.be.below(CHUNK * 600);
  });
});
