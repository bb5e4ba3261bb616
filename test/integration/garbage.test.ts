import { readFileSync } from "node:fs";
import { RLP } from "@ethereumjs/rlp";
import { expect } from "chai";
import type { FunctionFragment, Interface } from "ethers/abi";
import { ContractFactory } from "ethers/contract";
import { gatewayAbi, headersAbi, lightClientAbi, qbftHeadersAbi } from "../../src/chains/abis.ts";
import type { Chain } from "../../src/chains/chain.ts";
import type { HeadProof, SentMessage } from "../../src/chains/gateway.ts";
import { HuangpuError } from "../../src/core/errors.ts";
import { type Hex, keccak256, toBytes, toHex } from "../../src/core/hex.ts";
import { headSlot } from "../../src/core/message-chain.ts";
import { sealedBlock } from "../../src/relayer/sealed-block.ts";
import { Garbage } from "../support/fakes/garbage.ts";
import { sealAsQbft } from "../support/fakes/qbft-block.ts";
import { SeededRandom } from "../support/fakes/seeded-random.ts";
import { addressOf, wallets } from "../support/fakes/two-chains.ts";
import { accessManagerAbi, gatewayOf, headProof, messagesOf, sealHeader, senderOn } from "../support/world/bridge.ts";
import { agree } from "../support/world/trades.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const CALLS = process.env["HUANGPU_FUZZ"] === "nightly" ? 20_000 : 400;
const SECONDS = CALLS / 5;
const GAS = "0x1000000";
const EMPTY: Hex = "0x";
const QBFT_HEADERS = new URL("../../artifacts/contracts/bridge/QbftHeaders.sol/QbftHeaders.json", import.meta.url);

/** What a contract may refuse with: not `Error(string)` and not `Panic(uint256)`. */
const named = new Map<string, string>();
for (const abi of [gatewayAbi, lightClientAbi, headersAbi, qbftHeadersAbi, accessManagerAbi]) {
  abi.forEachError(({ selector, name }) => named.set(selector, name));
}

describe("the bridge on bad input", () => {
  const random = new SeededRandom(7_786);
  const validators = wallets("qbft validator", 4);
  let world: World;
  let garbage: Garbage;
  let sender: Hex;
  let from: string;
  let messages: SentMessage[];
  let proof: HeadProof;
  let block: number;
  let chain: Chain;
  let contracts: Record<"gateway" | "lightClient" | "headers" | "qbftHeaders", string>;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
    await agree(world);
    await agree(world);
    block = await world.trade.provider.getBlockNumber();
    sender = senderOn(world, "trade");
    from = await world.as("stranger").finance.gateway.cursor(sender);
    messages = await messagesOf(world, "trade");
    proof = await headProof(world, "trade", block);
    const { deployment } = world;
    chain = gatewayOf(world, "finance").chain;
    contracts = { ...deployment.finance, qbftHeaders: await deployQbftHeaders() };
    garbage = new Garbage(random, [...Object.values(deployment.finance), sender].filter(isAddress));
  });

  after(async () => {
    chain?.close();
    await world?.stop();
  });

  for (const [contract, abi] of [
    ["gateway", gatewayAbi],
    ["lightClient", lightClientAbi],
    ["headers", headersAbi],
    ["qbftHeaders", qbftHeadersAbi],
  ] as const) {
    it(`refuses well-formed nonsense at every function of the ${contract} with a named error`, async () => {
      const functions = functionsOf(abi);
      for (let index = 0; index < CALLS; index++) {
        const called = functions[index % functions.length] as FunctionFragment;
        const values = called.inputs.map((input) => garbage.value(input));
        await outcome(contracts[contract], abi.encodeFunctionData(called, values));
      }
    }).timeout(SECONDS * 1_000);

    it(`never panics on calldata of the ${contract} that is cut or altered`, async () => {
      for (let index = 0; index < CALLS; index++) {
        const called = garbage.pick(functionsOf(abi));
        const data = abi.encodeFunctionData(
          called,
          called.inputs.map((input) => garbage.value(input)),
        );
        const spoilt = `${data.slice(0, 10)}${garbage.spoil(`0x${data.slice(10)}`).slice(2)}` as Hex;
        await outcome(contracts[contract], spoilt, "empty too");
      }
    }).timeout(SECONDS * 1_000);
  }

  it("takes no delivery in which one thing is wrong", async () => {
    const honest = encodeDelivery({ messages, proof });
    expect(await outcome(contracts.gateway, honest)).to.equal("accepted");
    const refusals = new Set<string>();
    for (let index = 0; index < CALLS; index++) {
      const spoilt = encodeDelivery(spoiltDelivery());
      if (spoilt === honest) continue;
      const refused = await outcome(contracts.gateway, spoilt);
      expect(refused, spoilt).to.not.equal("accepted");
      refusals.add(refused);
    }
    expect([...refusals]).to.include.members(["Gateway_HeadMismatch", "Seals_UnknownValidator"]);
    expect(refusals.size).to.be.above(6);
  }).timeout(SECONDS * 1_000);

  it("takes no block of QBFT validators in which one thing is wrong", async () => {
    const real = await gatewayOf(world, "trade").chain.block(block);
    const { header, seal } = sealedBlock(sealAsQbft(real, { validators, round: 1 }));
    const refusals = new Set<string>();
    const verify = async (altered: { header: Hex; seal: Hex }): Promise<string> =>
      await outcome(contracts.qbftHeaders, qbftHeadersAbi.encodeFunctionData("verify", [altered.header, altered.seal]));
    expect(await verify({ header, seal })).to.equal("accepted");
    for (let index = 0; index < CALLS; index++) {
      const altered = garbage.pick([
        { header: garbage.spoil(header), seal },
        { header, seal: garbage.spoil(seal) },
        { header: withExtraData(header, garbage.rlp()), seal },
        { header: withExtraData(header, garbage.spoil(extraDataOf(header))), seal },
      ]);
      if (altered.header === header && altered.seal === seal) continue;
      const refused = await verify(altered);
      expect(refused, JSON.stringify(altered)).to.not.equal("accepted");
      refusals.add(refused);
    }
    expect(refusals.size).to.be.above(6);
  }).timeout(SECONDS * 1_000);

  it("walks no state that a whole quorum made up, but into a named error", async () => {
    const refusals = new Set<string>();
    for (let index = 0; index < CALLS; index++) {
      const { stateRoot, ...proofs } = madeUpState();
      const sealed = await sealHeader(world, "trade", block, { alter: (real) => ({ ...real, stateRoot }) });
      const data = gatewayAbi.encodeFunctionData("proveHead", [sender, { ...sealed, ...proofs }]);
      refusals.add(await outcome(contracts.gateway, data));
    }
    expect(refusals).to.include("accepted");
    expect(refusals.size).to.be.above(6);
  }).timeout(2 * SECONDS * 1_000);

  async function deployQbftHeaders(): Promise<string> {
    const bytecode = JSON.parse(readFileSync(QBFT_HEADERS, "utf8")).bytecode;
    const stranger = world.as("stranger").wallet.connect(world.finance.provider);
    const { authority } = world.deployment.finance;
    const named = validators.map(addressOf).sort();
    const deploying = new ContractFactory(qbftHeadersAbi, bytecode, stranger).deploy(
      authority,
      7_101,
      named,
      1_000_000,
    );
    return await (await (await deploying).waitForDeployment()).getAddress();
  }

  function encodeDelivery(delivery: { messages: SentMessage[]; proof: HeadProof }): string {
    return gatewayAbi.encodeFunctionData("deliver", [sender, from, delivery.messages, delivery.proof]);
  }

  /** What a call ends with: "accepted" or the name of an error. Anything else fails the test. */
  async function outcome(to: string, data: string, empty?: "empty too"): Promise<string> {
    const call = { from: world.as("stranger").address, to, data, gas: GAS };
    try {
      await chain.request("eth_call", [call, "latest"]);
      return "accepted";
    } catch (caught) {
      if (!(caught instanceof HuangpuError && caught.code === "RPC_REJECTED")) throw caught;
      const reason = String(caught.fields["data"] ?? "0x");
      const name = reason === "0x" && empty !== undefined ? "nothing" : named.get(reason.slice(0, 10));
      expect(name, `${caught.message}: ${reason} on ${data}`).to.be.a("string");
      return String(name);
    }
  }

  function spoiltDelivery(): { messages: SentMessage[]; proof: HeadProof } {
    const spoilt = (nodes: Hex[]): Hex[] => {
      const at = random.below(nodes.length);
      return garbage.pick([
        () => nodes.with(at, garbage.spoil(nodes[at] ?? "0x")),
        () => nodes.toSpliced(at, 1),
        () => nodes.toSpliced(at, 0, garbage.pick([...nodes, garbage.rlp(), EMPTY])),
        () => [...nodes, garbage.pick([...nodes, garbage.rlp(), EMPTY])],
      ])();
    };
    const message = messages[random.below(messages.length)] as SentMessage;
    const at = messages.indexOf(message);
    return garbage.pick([
      () => ({ messages, proof: { ...proof, header: garbage.spoil(proof.header) } }),
      () => ({ messages, proof: { ...proof, seal: garbage.spoil(proof.seal) } }),
      () => ({ messages, proof: { ...proof, accountProof: spoilt(proof.accountProof) } }),
      () => ({ messages, proof: { ...proof, storageProof: spoilt(proof.storageProof) } }),
      () => ({ messages: messages.with(at, { ...message, payload: garbage.spoil(message.payload) }), proof }),
      () => ({ messages: messages.with(at, { ...message, recipient: random.hex(20) }), proof }),
      () => ({ messages: messages.toSpliced(at, 1), proof }),
    ])();
  }

  /** A trie of one leaf for the account and one for the slot, in which anything may be wrong. */
  function madeUpState(): { stateRoot: Hex; accountProof: Hex[]; storageProof: Hex[] } {
    const { gateway } = world.deployment.trade;
    const slot = madeUpLeaf(
      keccak256(headSlot(sender)),
      garbage.pick([toHex(RLP.encode(random.hex(32))), garbage.rlp()]),
    );
    const fields = ["0x01", "0x", keccak256(slot), keccak256("0x")];
    const account = toHex(RLP.encode(garbage.pick<string[]>([fields, fields, fields.slice(1), [...fields, "0x"]])));
    const leaf = madeUpLeaf(
      keccak256(gateway.toLowerCase() as Hex),
      garbage.pick([account, account, garbage.spoil(account)]),
    );
    return { stateRoot: keccak256(leaf), accountProof: [leaf], storageProof: [slot] };
  }

  function madeUpLeaf(path: Hex, value: Hex): Hex {
    const leaf = toHex(RLP.encode([`0x20${path.slice(2)}`, value]));
    return garbage.pick([leaf, leaf, leaf, garbage.spoil(leaf), garbage.rlp()]);
  }
});

const EXTRA_DATA = 12;

function extraDataOf(header: Hex): Hex {
  return toHex(RLP.decode(header)[EXTRA_DATA] as Uint8Array);
}

function withExtraData(header: Hex, extraData: Hex): Hex {
  return toHex(RLP.encode((RLP.decode(header) as Uint8Array[]).with(EXTRA_DATA, toBytes(extraData))));
}

function functionsOf(abi: Interface): FunctionFragment[] {
  const functions: FunctionFragment[] = [];
  abi.forEachFunction((each) => functions.push(each));
  return functions;
}

function isAddress(value: unknown): value is Hex {
  return typeof value === "string" && /^0x[0-9a-f]{40}$/i.test(value);
}
