import { expect } from "chai";
import { Breaker, systemClock } from "../../../src/chains/breaker.ts";
import { FakeClock } from "../../support/fakes/fake-clock.ts";

describe("Breaker", () => {
  let clock: FakeClock;
  let breaker: Breaker;

  beforeEach(() => {
    clock = new FakeClock();
    breaker = new Breaker({ threshold: 3, openMs: 100, maxOpenMs: 350 }, clock);
  });

  const fail = (times: number) => {
    for (let index = 0; index < times; index++) {
      breaker.begin();
      breaker.fail();
    }
  };

  it("stays closed below the threshold, and counts anew after a success", () => {
    fail(2);
    breaker.begin();
    breaker.succeed();
    fail(2);
    expect(breaker).to.include({ open: false, admits: true });
  });

  it("opens at the threshold and admits nothing until the wait is over", () => {
    fail(3);
    expect(breaker).to.include({ open: true, admits: false });
    clock.pass(99);
    expect(breaker.admits).to.equal(false);
    clock.pass(1);
    expect(breaker.admits).to.equal(true);
  });

  it("lets one trial through at a time", () => {
    fail(3);
    clock.pass(100);
    breaker.begin();
    expect(breaker.admits).to.equal(false);
  });

  it("stays open and lets the next one through when a trial tells nothing", () => {
    fail(3);
    clock.pass(100);
    breaker.begin();
    breaker.release();
    expect(breaker).to.include({ open: true, admits: true });
  });

  it("closes when the trial succeeds", () => {
    fail(3);
    clock.pass(100);
    breaker.begin();
    breaker.succeed();
    expect(breaker).to.include({ open: false, admits: true });
    fail(2);
    expect(breaker.open).to.equal(false);
  });

  it("waits twice as long after each trial that fails, up to the maximum", () => {
    fail(3);
    for (const wait of [100, 200, 350, 350]) {
      clock.pass(wait - 1);
      expect(breaker.admits, `after ${wait - 1}`).to.equal(false);
      clock.pass(1);
      expect(breaker.admits, `after ${wait}`).to.equal(true);
      fail(1);
    }
  });

  it("does not wait longer because of requests that were on their way when it opened", () => {
    for (let index = 0; index < 9; index++) breaker.begin();
    for (let index = 0; index < 9; index++) breaker.fail();
    clock.pass(100);
    expect(breaker.admits).to.equal(true);
  });

  it("spreads the wait from half to one and a half", () => {
    clock.dice = 0;
    fail(3);
    clock.pass(50);
    expect(breaker.admits).to.equal(true);
    clock.dice = 0.999;
    fail(1);
    clock.pass(299);
    expect(breaker.admits).to.equal(false);
    clock.pass(1);
    expect(breaker.admits).to.equal(true);
  });

  it("goes by a clock that never turns back, and by dice", () => {
    const before = systemClock.now();
    expect(systemClock.now()).to.be.at.least(before);
    expect(systemClock.random()).to.be.within(0, 1);
  });
});
