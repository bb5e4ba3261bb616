import type { Contract } from "ethers/contract";
import type { Hardfork } from "../../scripts/local/chains.ts";
import { LOCAL_CHAIN_IDS } from "../../src/config/development.ts";
import { concat, type Hex, keccak256, word } from "../../src/core/hex.ts";
import type { PeerContracts } from "./compile.ts";
import { average, gasOf, type PeerChain, payload, SIGNERS, validators, withPeerChain } from "./peer-chain.ts";

/** Gas of whole transactions, in the steady state. */
export interface HyperlaneGas {
  /** `Mailbox.dispatch` with a MerkleTreeHook and a PausableHook, on average: an insertion depends on the tree's size. */
  dispatch: number;
  /** `Mailbox.process` with a StaticMessageIdMultisigIsm, three of four. */
  process: number;
}

/** The tree has as many leaves before; then as many more are measured. */
const DISPATCHES = 64;
const PERSONAL_SIGN = "\x19Ethereum Signed Message:\n32";

export async function measureHyperlane(hardfork: Hardfork, contracts: PeerContracts): Promise<HyperlaneGas> {
  return await withPeerChain(hardfork, contracts, async (chain) => {
    const { origin, destination, hook, recipient } = await deploy(chain);
    const to = [LOCAL_CHAIN_IDS.finance, word((await recipient.getAddress()) as Hex)];
    const dispatch = async (index: number) => {
      const sent = origin.getFunction("dispatch(uint32,bytes32,bytes)")(...to, payload(index));
      return { gas: await gasOf(sent), message: await lastMessage(origin) };
    };
    const dispatched: Awaited<ReturnType<typeof dispatch>>[] = [];
    for (let index = 0; index < 2 * DISPATCHES; index++) dispatched.push(await dispatch(index));

    let process = 0;
    for (const { message } of dispatched.slice(0, 2)) {
      process = await gasOf(destination.getFunction("process")(await metadata(hook, message), message));
    }
    return { dispatch: average(dispatched.slice(DISPATCHES).map(({ gas }) => gas)), process };
  });
}

async function deploy(chain: PeerChain) {
  const factory = await chain.deploy("StaticMessageIdMultisigIsmFactory");
  const set = [validators.map(({ address }) => address), SIGNERS];
  await (await factory.getFunction("deploy(address[],uint8)")(...set)).wait();
  const ism = await factory.getFunction("getAddress(address[],uint8)")(...set);

  const required = await chain.deploy("PausableHook");
  const origin = await chain.deploy("Mailbox", LOCAL_CHAIN_IDS.trade);
  const destination = await chain.deploy("Mailbox", LOCAL_CHAIN_IDS.finance);
  const hook = await chain.deploy("MerkleTreeHook", origin);
  for (const mailbox of [origin, destination]) {
    await (await mailbox.getFunction("initialize")(chain.account, ism, hook, required)).wait();
  }
  return { origin, destination, hook, recipient: await chain.deploy("HyperlaneRecipient") };
}

async function lastMessage(origin: Contract): Promise<Hex> {
  const [event] = (await origin.queryFilter("Dispatch", "latest")) as { args?: { message: Hex } }[];
  if (event?.args === undefined) throw new Error("Nothing was dispatched");
  return event.args.message;
}

/** Origin's tree, its root and index, and the signatures of validators over them and the message's id. */
async function metadata(hook: Contract, message: Hex): Promise<Hex> {
  const tree = word((await hook.getAddress()) as Hex);
  const [root, index] = await hook.getFunction("latestCheckpoint")();
  const position: Hex = `0x${BigInt(index).toString(16).padStart(8, "0")}`;
  const origin: Hex = `0x${LOCAL_CHAIN_IDS.trade.toString(16).padStart(8, "0")}`;
  const domain = keccak256(concat(origin, tree, text("HYPERLANE")));
  const digest = keccak256(concat(text(PERSONAL_SIGN), keccak256(concat(domain, root, position, keccak256(message)))));
  const signatures = validators.slice(0, SIGNERS).map(({ signingKey }) => signingKey.sign(digest).serialized as Hex);
  return concat(tree, root, position, ...signatures);
}

function text(content: string): Hex {
  return `0x${Buffer.from(content).toString("hex")}`;
}
