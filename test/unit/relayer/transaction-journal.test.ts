import { expect } from "chai";
import { Journal } from "../../../src/relayer/journal.ts";
import type { TransactionJournal } from "../../../src/relayer/transaction-journal.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

const random = new SeededRandom(7);
const [HERE, THERE] = [7101, 7102].map((chainId) => ({ chainId, address: random.hex(20) })) as [Account, Account];
type Account = { chainId: number; address: `0x${string}` };

const transaction = (nonce: number, attempt = 1) => ({
  nonce,
  attempt,
  hash: random.hex(32),
  raw: random.hex(100),
  maxFeePerGas: BigInt(random.below(1_000_000)) * 10n ** 15n,
});

describe("TransactionJournal", () => {
  let journal: Journal;
  let transactions: TransactionJournal;
  beforeEach(() => {
    journal = new Journal(":memory:");
    transactions = journal.transactions;
  });
  afterEach(() => journal.close());

  const nonces = (account = HERE) => transactions.nonces(account).map(({ nonce }) => nonce);
  const inFlight = (account = HERE) => transactions.inFlight(account).map(({ nonce }) => nonce);

  it("gives back nonces in order, each with all its attempts in order", () => {
    const [first, second, raised] = [transaction(8), transaction(9), transaction(8, 2)];
    transactions.launch(HERE, [second, first]);
    transactions.launch(HERE, [raised]);
    expect(transactions.nonces(HERE)).to.deep.equal([
      { nonce: 8, attempts: [first, raised], block: undefined },
      { nonce: 9, attempts: [second], block: undefined },
    ]);
  });

  it("writes all or none", () => {
    transactions.launch(HERE, [transaction(5)]);
    expect(() => transactions.launch(HERE, [transaction(4), transaction(5), transaction(6)])).to.throw();
    expect(nonces()).to.deep.equal([5]);
  });

  it("keeps accounts apart, and chains", () => {
    transactions.launch(HERE, [transaction(1)]);
    transactions.launch(THERE, [transaction(1)]);
    transactions.launch({ ...HERE, chainId: THERE.chainId }, [transaction(1)]);
    transactions.abandon(HERE);
    expect([nonces(HERE), nonces(THERE), nonces({ ...HERE, chainId: THERE.chainId })]).to.deep.equal([[], [1], [1]]);
  });

  it("forgets what is mined when its block is final, and not before", () => {
    transactions.launch(HERE, [transaction(1)]);
    transactions.land(HERE, 10, 7);
    expect([nonces(), inFlight()]).to.deep.equal([[1], []]);
    transactions.reconcile(HERE, 2, 9);
    expect(nonces()).to.deep.equal([1]);
    transactions.reconcile(HERE, 2, 10);
    expect(nonces()).to.deep.equal([]);
  });

  it("follows a chain that went back: what is not mined any more is on its way again", () => {
    transactions.launch(HERE, [transaction(1), transaction(2), transaction(3)]);
    transactions.land(HERE, 10, 7);
    transactions.reconcile(HERE, 2, 7);
    expect([nonces(), inFlight()]).to.deep.equal([
      [1, 2, 3],
      [2, 3],
    ]);
  });

  it("gives up only what is on its way", () => {
    transactions.launch(HERE, [transaction(1)]);
    transactions.land(HERE, 10, 7);
    transactions.launch(HERE, [transaction(2)]);
    transactions.abandon(HERE);
    expect(nonces()).to.deep.equal([1]);
  });
});
