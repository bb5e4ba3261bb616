import { expect } from "chai";
import { Backoff, Pace, Turns } from "../../../src/relayer/schedule.ts";

describe("Backoff", () => {
  it("waits twice as long after each failure, up to the maximum, and forgets that after a success", () => {
    const backoff = new Backoff({ retryMs: 10, maxRetryMs: 35 });
    expect([1, 2, 3, 4].map(() => backoff.fail(1_000))).to.deep.equal([10, 20, 35, 35]);
    expect(backoff.due(1_034)).to.equal(false);
    expect(backoff.due(1_035)).to.equal(true);
    backoff.succeed();
    expect(backoff.due(0)).to.equal(true);
    expect(backoff.fail(0)).to.equal(10);
  });
});

describe("Pace", () => {
  it("is quick for a while after something happened, then slower and slower, and quick again at once", () => {
    const pace = new Pace({ pollMs: 250, idlePollMs: 2_000 });
    const delays = Array.from({ length: 40 }, () => pace.next(true));
    expect(delays.slice(0, 20)).to.deep.equal(Array(20).fill(250));
    expect(delays.slice(20, 25)).to.deep.equal([500, 1_000, 2_000, 2_000, 2_000]);
    expect(pace.next(false)).to.equal(250);
    expect(pace.next(true)).to.equal(250);
  });

  it("asks an idle node an eighth as often in the end", () => {
    const pace = new Pace({ pollMs: 250, idlePollMs: 2_000 });
    const hour = 3_600_000;
    let [time, looks] = [0, 0];
    for (; time < hour; looks++) time += pace.next(true);
    expect(looks).to.be.below(hour / 250 / 7);
  });

  it("never looks more often than when it is busy", () => {
    expect(new Pace({ pollMs: 500, idlePollMs: 10 }).next(true)).to.equal(500);
  });
});

describe("Turns", () => {
  const senders = Array.from({ length: 30 }, (_, index) => `0x${index.toString(16).padStart(40, "0")}`);
  const of = 3;
  const relayers = [0, 1, 2].map((index) => new Turns({ index, of, delayMs: 100 }));

  it("have exactly one relayer deliver each sender's messages at once, and spread the senders", () => {
    const first = senders.map((sender) => relayers.map((turns) => turns.mine(sender, "0x01", 0)));
    expect(first.every((turns) => turns.filter(Boolean).length === 1)).to.equal(true);
    for (const index of [0, 1, 2]) expect(first.filter((turns) => turns[index]).length).to.equal(10);
  });

  it("let the others in, one after the other", () => {
    const atTime = (time: number) => relayers.filter((turns) => turns.mine("0x01ff", "0x01", time)).length;
    expect([0, 99, 100, 199, 200].map(atTime)).to.deep.equal([1, 1, 2, 2, 3]);
  });

  it("begin anew when the cursor moves", () => {
    const backup = new Turns({ index: 1, of: 2, delayMs: 100 });
    expect(backup.mine("0x00", "0x01", 0)).to.equal(false);
    expect(backup.mine("0x00", "0x02", 90)).to.equal(false);
    expect(backup.mine("0x00", "0x02", 150)).to.equal(false);
    expect(backup.mine("0x00", "0x02", 190)).to.equal(true);
    backup.forget("0x00");
    expect(backup.mine("0x00", "0x02", 200)).to.equal(false);
  });

  it("are always one's own when there is nobody else", () => {
    expect(new Turns(undefined).mine("0x01", "0x01", 0)).to.equal(true);
  });
});
