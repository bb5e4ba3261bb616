import { expect } from "chai";
import { decodeRlp, encodeRlp, keccak256, toBeArray, Wallet } from "ethers";
import { encodeHeader, encodeQbftHeader, type RpcBlock } from "../../../src/core/block-header.ts";
import { type Hex, keccakText } from "../../../src/core/hex.ts";
import { sealAsQbft } from "../../support/fakes/qbft-block.ts";
import { REAL_QBFT, realQbftBlock } from "../../support/fakes/real-qbft-block.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { vectorOrSkip } from "../../support/fakes/vectors.ts";

const HASHED = [
  "parentHash",
  "sha3Uncles",
  "miner",
  "stateRoot",
  "transactionsRoot",
  "receiptsRoot",
  "logsBloom",
] as const;
const COUNTED = ["difficulty", "number", "gasLimit", "gasUsed", "timestamp"] as const;
const TAIL = ["extraData", "mixHash", "nonce"] as const;
const LENGTHS: Partial<Record<string, number>> = { miner: 20, logsBloom: 256, extraData: 97, nonce: 8 };

const FORKS = [
  { fork: "before London", count: 15, added: [] },
  { fork: "London", count: 16, added: ["baseFeePerGas"] },
  { fork: "Shanghai", count: 17, added: ["baseFeePerGas", "withdrawalsRoot"] },
  {
    fork: "Cancun",
    count: 20,
    added: ["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot"],
  },
  {
    fork: "Prague",
    count: 21,
    added: [
      "baseFeePerGas",
      "withdrawalsRoot",
      "blobGasUsed",
      "excessBlobGas",
      "parentBeaconBlockRoot",
      "requestsHash",
    ],
  },
];
const QUANTITIES = new Set<string>([...COUNTED, "baseFeePerGas", "blobGasUsed", "excessBlobGas"]);

/** A block whose hash ethers computes, and its RLP. */
function synthesise(random: SeededRandom, added: readonly string[]): { block: RpcBlock; rlp: string } {
  const fields = [...HASHED, ...COUNTED, ...TAIL, ...added].map((name): [string, Hex] => {
    if (!QUANTITIES.has(name)) return [name, random.hex(LENGTHS[name] ?? 32)];
    return [name, `0x${random.below(random.below(2) * 2 ** 40 + 1).toString(16)}`];
  });
  const rlp = encodeRlp(fields.map(([name, value]) => (QUANTITIES.has(name) ? toBeArray(value) : value)));
  return { block: { ...Object.fromEntries(fields), hash: keccak256(rlp) }, rlp };
}

/** IBFT2 hashes a block with vanity, validators and vote: without round and seals. */
function withoutSeals(extraData: Hex): string {
  return encodeRlp((decodeRlp(extraData) as string[]).slice(0, 3));
}

describe("encodeHeader", () => {
  for (const { fork, count, added } of FORKS) {
    it(`encodes the ${count} fields of ${fork}`, () => {
      const random = new SeededRandom(count);
      for (let round = 0; round < 50; round++) {
        const { block, rlp } = synthesise(random, added);
        expect(encodeHeader(block)).to.equal(rlp);
        expect(decodeRlp(encodeHeader(block))).to.have.length(count);
      }
    });
  }

  it("leaves out fields that are null and ignores those that are no header fields", () => {
    const { block, rlp } = synthesise(new SeededRandom(1), ["baseFeePerGas"]);
    const answer = {
      ...block,
      withdrawalsRoot: null,
      requestsHash: null,
      size: "0x34b",
      uncles: [],
      totalDifficulty: "0x1",
    };
    expect(encodeHeader(answer)).to.equal(rlp);
  });

  it("fails with RPC_INCONSISTENT when any field is altered", async () => {
    const random = new SeededRandom(2);
    const { block } = synthesise(random, FORKS[4]?.added ?? []);
    for (const field of Object.keys(block).filter((name) => name !== "hash")) {
      const value = QUANTITIES.has(field) ? "0x123456789abcdef" : random.hex(LENGTHS[field] ?? 32);
      const error = await thrown("RPC_INCONSISTENT", () => encodeHeader({ ...block, [field]: value }));
      expect(error.fields["given"]).to.equal(block.hash);
      expect(error.fields["computed"]).not.to.equal(block.hash);
    }
  });

  it("fails with RPC_INCONSISTENT when a field is missing, unknown, or the hash is absent", async () => {
    const { block } = synthesise(new SeededRandom(3), FORKS[3]?.added ?? []);
    const { blobGasUsed: _, ...lacking } = block;
    const { hash: __, ...hashless } = block;
    expect((await thrown("RPC_INCONSISTENT", () => encodeHeader(lacking))).fields["fieldCount"]).to.equal(19);
    await thrown("RPC_INCONSISTENT", () => encodeHeader(hashless));
    await thrown("RPC_INCONSISTENT", () => encodeHeader({ ...block, hash: null }));
  });

  describe("with headers of real Besu networks", () => {
    for (const name of ["ibft2-4val-round1-block1", "ibft2-4val-round0-block4880"]) {
      it(`comes to the published hash of ${name} from the extra data that its hash covers`, function () {
        const { block } = vectorOrSkip<{ block: RpcBlock }>(this, `besu-headers/${name}.json`);
        const canonical = { ...block, extraData: withoutSeals(block.extraData as Hex) };
        expect(keccak256(encodeHeader(canonical))).to.equal(block.hash);
      });

      it(`fails with RPC_INCONSISTENT for ${name} as it is, because its hash leaves out the seals`, async function () {
        const { block } = vectorOrSkip<{ block: RpcBlock }>(this, `besu-headers/${name}.json`);
        await thrown("RPC_INCONSISTENT", () => encodeHeader(block));
      });
    }

    it("encodes qbft-4val-round1-block7528 with round 0 and without seals, which hashes to the block's hash", function () {
      const block = realQbftBlock(this);
      expect(keccak256(encodeHeader(block))).to.equal(REAL_QBFT.hash);
    });

    it("encodes it as its validators signed it, with its round", function () {
      const { header, extraData } = encodeQbftHeader(realQbftBlock(this));
      expect(keccak256(header)).to.equal(REAL_QBFT.digest);
      expect(extraData).to.deep.include({ round: REAL_QBFT.round, validators: REAL_QBFT.validators });
      expect(extraData.seals).to.have.length(3);
    });
  });

  describe("of QBFT chains (synthetic)", () => {
    const validators = Array.from({ length: 4 }, (_, index) => new Wallet(keccakText(`validator ${index}`)));

    for (const { fork, count, added } of FORKS) {
      for (const round of [0, 1, 128, 65_536]) {
        it(`encodes the ${count} fields of ${fork} in round ${round}`, () => {
          const { block } = synthesise(new SeededRandom(count), added);
          const sealed = sealAsQbft(block, { validators, round });
          const other = sealAsQbft(block, { validators, round: round + 1 });
          expect(keccak256(encodeHeader(sealed))).to.equal(sealed.hash);
          expect(other.hash).to.equal(sealed.hash);
          expect(encodeHeader(other)).to.equal(encodeHeader(sealed));
          expect(encodeQbftHeader(sealed).extraData.round).to.equal(round);
          expect(encodeQbftHeader(other).header).not.to.equal(encodeQbftHeader(sealed).header);
        });
      }
    }

    it("fails with RPC_INCONSISTENT when a field, a validator or a vote is altered", async () => {
      const { block } = synthesise(new SeededRandom(7), []);
      const vote = { recipient: `0x${"33".repeat(20)}` as Hex, add: true };
      const sealed = sealAsQbft(block, { validators, vote });
      expect(encodeQbftHeader(sealed).extraData.vote).to.deep.equal(vote);
      for (const altered of [
        { ...sealed, stateRoot: sealed.parentHash ?? null },
        { ...sealed, extraData: sealAsQbft(block, { validators: validators.slice(1), vote }).extraData ?? null },
        { ...sealed, extraData: sealAsQbft(block, { validators }).extraData ?? null },
      ]) {
        await thrown("RPC_INCONSISTENT", () => encodeHeader(altered));
        await thrown("RPC_INCONSISTENT", () => encodeQbftHeader(altered));
      }
    });

    it("has no signed form of a block that names no validators, or is no QBFT block", async () => {
      const { block } = synthesise(new SeededRandom(8), []);
      await thrown("RPC_INCONSISTENT", () => encodeQbftHeader(sealAsQbft(block, { validators: [] })));
      await thrown("RPC_INCONSISTENT", () => encodeQbftHeader(block));
    });
  });
});
