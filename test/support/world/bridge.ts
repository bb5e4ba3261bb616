import { readFileSync } from "node:fs";
import { Interface } from "ethers/abi";
import { Contract } from "ethers/contract";
import { Chain } from "../../../src/chains/chain.ts";
import { Gateway, type HeadProof, type SentMessage } from "../../../src/chains/gateway.ts";
import { type DevelopmentAccount, developmentWallet } from "../../../src/config/development.ts";
import { assembleSeal, attestationDigest } from "../../../src/core/attestation.ts";
import { encodeHeader, type RpcBlock } from "../../../src/core/block-header.ts";
import { type Hex, keccak256 } from "../../../src/core/hex.ts";
import { headSlot } from "../../../src/core/message-chain.ts";
import type { Side } from "./stage.ts";
import type { World } from "./world.ts";

const ACCESS_MANAGER = "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json";

export const accessManagerAbi = new Interface(
  JSON.parse(readFileSync(new URL(`../../../artifacts/${ACCESS_MANAGER}`, import.meta.url), "utf8")).abi,
);

export const QUORUM = ["attestor1", "attestor2", "attestor3"] as const;

export interface SealedHeader {
  header: Hex;
  seal: Hex;
}

/** A gateway as the node reads it. */
export function gatewayOf(world: World, side: Side): Gateway {
  const { chainId, gateway } = world.deployment[side];
  return new Gateway(new Chain({ name: side, chainId, rpcUrls: [world[side].rpcUrl], timeoutMs: 5_000 }), gateway);
}

/** The contract whose messages go from a side to the other one. */
export function senderOn(world: World, side: Side): Hex {
  const sender = side === "trade" ? world.deployment.trade.tradeBook : world.deployment.finance.settlement;
  return sender.toLowerCase() as Hex;
}

/** The header of a block, signed by these keys for the chain it is of. `alter` makes it another block's. */
export async function sealHeader(
  world: World,
  side: Side,
  number: number,
  {
    signers = QUORUM,
    alter = (block) => block,
  }: { signers?: readonly DevelopmentAccount[]; alter?: (block: RpcBlock) => RpcBlock } = {},
): Promise<SealedHeader> {
  const block = alter(await gatewayOf(world, side).chain.block(number));
  const attestation = { chainId: world.deployment[side].chainId, number, blockHash: hashOf(block) };
  const signed = signers.map((account) => {
    const { wallet } = world.as(account);
    const signature = wallet.signingKey.sign(attestationDigest(attestation)).serialized as Hex;
    return { signer: wallet.address.toLowerCase() as Hex, signature };
  });
  const seal = assembleSeal(signed, signers.length);
  if (seal === undefined) throw new Error("One signer twice");
  return { header: encodeHeader({ ...block, hash: attestation.blockHash }), seal };
}

/** What shows the head that a sender of a side has at a block; `proofBlock` takes the proof from another one. */
export async function headProof(
  world: World,
  side: Side,
  number: number,
  {
    sealed,
    proofBlock = number,
    sender = senderOn(world, side),
  }: { sealed?: SealedHeader; proofBlock?: number; sender?: Hex } = {},
): Promise<HeadProof> {
  const { chain, address } = gatewayOf(world, side);
  const { accountProof, storageProof } = await chain.proof(address, headSlot(sender), proofBlock);
  const { header, seal } = sealed ?? (await sealHeader(world, side, number));
  return { header, seal, accountProof, storageProof: storageProof[0]?.proof ?? [] };
}

/** Everything that a side's sender has sent. */
export async function messagesOf(world: World, side: Side): Promise<SentMessage[]> {
  return await gatewayOf(world, side).messagesSent(0, await world[side].provider.getBlockNumber());
}

/** A deployed contract, called by somebody, typed by nothing but its ABI. */
export function contractAt(
  world: World,
  side: Side,
  address: string,
  abi: Interface,
  account: DevelopmentAccount,
): Contract {
  return new Contract(address, abi, developmentWallet(account).connect(world[side].provider));
}

/** Hash of a header that may be no real one. */
function hashOf(block: RpcBlock): Hex {
  try {
    encodeHeader({ ...block, hash: keccak256("0x") });
  } catch (error) {
    return (error as { fields: { computed: Hex } }).fields.computed;
  }
  throw new Error("The header hashes to the hash of nothing");
}
