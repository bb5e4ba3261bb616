import { expect } from "chai";
import { AbiCoder, type Contract } from "ethers";
import { type LocalChain, startLocalChain } from "../../scripts/local/chains.ts";
import { type Hex, toBytes, toHex } from "../../src/core/hex.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { deployTrieBench } from "../support/trie/bench.ts";
import { mutate, type Question } from "../support/trie/mutate-proof.ts";
import { nearby, type RandomTrie, randomTrie } from "../support/trie/random-trie.ts";
import { LENIENT, type Verdict, verifyProof } from "../support/trie/verify-proof.ts";

interface Answer {
  readonly success: boolean;
  readonly returned: string;
}

const NIGHTLY = process.env["HUANGPU_FUZZ"] === "nightly";
const SEED = Number(process.env["HUANGPU_FUZZ_SEED"] ?? 20_261_121);
const MUTATIONS = NIGHTLY ? 100_000 : 5_000;
const BATCH = 50;
const PER_TRIE = 100;
const GAS = { gasLimit: 29_000_000 };

const coder = AbiCoder.defaultAbiCoder();
const encode = ({ root, path, proof }: Question) =>
  coder.encode(["bytes32", "bytes32", "bytes[]"], [root, path, proof.map(toHex)]);

describe("the trie walker beside OpenZeppelin's TrieProof", function () {
  this.timeout(NIGHTLY ? 1_800_000 : 120_000);

  let chain: LocalChain;
  let bench: Contract;
  const counts = new Map<string, number>();
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);

  before(async () => {
    chain = await startLocalChain("trade", 0);
    bench = await deployTrieBench(chain.provider);
  });

  after(async () => await chain?.stop());

  async function ask(questions: readonly Question[]): Promise<(readonly [Answer, Answer])[]> {
    const [walked, traversed] = (await bench.getFunction("compare")(questions.map(encode), GAS)) as [
      Answer[],
      Answer[],
    ];
    return questions.map((_, index) => [walked[index] as Answer, traversed[index] as Answer]);
  }

  /** What the walker answers: what it found, or the name of its error. */
  function read({ success, returned }: Answer): Verdict {
    if (success) {
      const [value] = coder.decode(["bytes"], returned) as unknown as [string];
      return value === "0x" ? { kind: "absent" } : { kind: "value", value: toBytes(value as Hex) };
    }
    const name = bench.interface.parseError(returned)?.name ?? "";
    expect(name, "a named error").to.match(/^(TrieWalk|CalldataRlp)_/);
    return { kind: "refused", reason: name, lenient: [] };
  }

  function compare(question: Question, walker: Answer, reference: Answer): void {
    const walked = read(walker);
    const expected = verifyProof(question.root, question.path, question.proof);
    expect(walked.kind, "as the verifier of this test").to.equal(expected.kind);
    if (walked.kind === "value" && expected.kind === "value") {
      expect(toHex(walked.value)).to.equal(toHex(expected.value));
      expect(walker.returned).to.equal(reference.returned);
    } else if (walked.kind === "refused" && expected.kind === "refused" && reference.success) {
      expect(expected.lenient.map((reason) => LENIENT[reason])).to.include(walked.reason);
      for (const reason of expected.lenient) count(`stricter: ${reason}`);
    } else {
      expect(reference.success, "TrieProof").to.equal(false);
    }
    expect(reference.success || walked.kind !== "value", "accepted by TrieProof as well").to.equal(true);
    count(walked.kind);
  }

  async function compareAll(seed: number, questions: readonly Question[]): Promise<void> {
    for (let at = 0; at < questions.length; at += BATCH) {
      const batch = questions.slice(at, at + BATCH);
      for (const [index, [walker, reference]] of (await ask(batch)).entries()) {
        const question = batch[index] as Question;
        try {
          compare(question, walker, reference);
        } catch (error) {
          console.error(`HUANGPU_FUZZ_SEED=${SEED}, trie ${seed}, question ${at + index}: ${encode(question)}`);
          throw error;
        }
      }
    }
  }

  async function originals(random: SeededRandom, trie: RandomTrie, length: number): Promise<Question[]> {
    return await Promise.all(
      Array.from({ length }, async () => {
        const known = trie.paths[random.below(trie.paths.length)];
        const path = random.below(4) === 0 || known === undefined ? nearby(random, known) : known;
        return { root: trie.root, path, proof: await trie.prove(path) };
      }),
    );
  }

  it("finds what a trie has, and that it has nothing elsewhere", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new SeededRandom(SEED + seed);
      const trie = await randomTrie(random);
      const questions = await originals(random, trie, 20);
      const answers = await ask(questions);
      for (const [index, { root, path, proof }] of questions.entries()) {
        const [walker, reference] = answers[index] as readonly [Answer, Answer];
        const value = await trie.valueAt(path);
        expect(read(walker)).to.deep.equal(verifyProof(root, path, proof));
        expect(walker.returned).to.equal(coder.encode(["bytes"], [value ?? "0x"]));
        expect(reference.success).to.equal(value !== null);
      }
    }
  });

  it(`gives the same verdict on ${MUTATIONS} mutations`, async () => {
    counts.clear();
    for (let seed = 0; seed < MUTATIONS / PER_TRIE; seed++) {
      const random = new SeededRandom(SEED + 1_000 + seed);
      const trie = await randomTrie(random);
      const questions = await originals(random, trie, PER_TRIE);
      const mutated = questions.map((question, index) => {
        const other = questions[(index + 1) % questions.length] as Question;
        const once = mutate(question, random, other);
        return random.below(4) === 0 ? mutate(once, random, other) : once;
      });
      await compareAll(seed, mutated);
    }
    if (NIGHTLY) console.log(Object.fromEntries([...counts].sort()));
    for (const verdict of ["value", "absent", "refused"]) expect(counts.get(verdict), verdict).to.be.greaterThan(100);
  });

  it("finds nothing that TrieProof does not where the calldata is no proper ABI", async () => {
    const random = new SeededRandom(SEED);
    const trie = await randomTrie(random);
    const questions = await originals(random, trie, BATCH * 4);
    const broken = questions.map((question) => {
      const bytes = toBytes(encode(question) as Hex);
      // Offsets and lengths lie in the last bytes of the words after root and path.
      const end = 32 * random.between(3, Math.min(12, bytes.length / 32));
      bytes[end - 1 - (random.below(4) === 0 ? random.below(32) : random.below(2))] = random.below(256);
      return toHex(bytes);
    });
    let found = 0;
    for (let at = 0; at < broken.length; at += BATCH) {
      const [walked, traversed] = await bench.getFunction("compare")(broken.slice(at, at + BATCH), GAS);
      for (const [index, { success, returned }] of (walked as Answer[]).entries()) {
        if (!success || read({ success, returned }).kind !== "value") continue;
        found++;
        expect((traversed as Answer[])[index]?.returned).to.equal(returned);
      }
    }
    expect(found).to.be.greaterThan(0);
  });

  it("refuses short nodes that are listed beside their parents, which TrieProof accepts", async () => {
    counts.clear();
    for (let seed = 0; seed < 8; seed++) {
      const random = new SeededRandom(SEED + seed);
      const trie = await randomTrie(random);
      const questions = trie.paths.map(async (path) => ({
        root: trie.root,
        path,
        proof: await trie.proveListingShortNodes(path),
      }));
      await compareAll(seed, await Promise.all(questions));
    }
    expect(counts.get("stricter: a short node beside its parent")).to.be.greaterThan(5);
  });
});
