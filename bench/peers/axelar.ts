import { AbiCoder } from "ethers/abi";
import type { Contract } from "ethers/contract";
import type { Hardfork } from "../../scripts/local/chains.ts";
import { concat, type Hex, keccak256, keccakText, word } from "../../src/core/hex.ts";
import { seededBytes } from "../seeded-bytes.ts";
import type { PeerContracts } from "./compile.ts";
import { gasOf, type PeerChain, payload, SIGNERS, validators, withPeerChain } from "./peer-chain.ts";

/** Gas in the steady state; of approvals, per message. */
export interface AxelarGas {
  /** `callContract`: an event and nothing stored. */
  callContract: number;
  /** `approveMessages` of so many, three of four signers of equal weight. */
  approve: { "1": number; "10": number };
  /** `execute` of an approved message by its recipient. */
  execute: number;
}

const DOMAIN_SEPARATOR = keccakText("huangpu bench");
const SIGNER_SET = { signers: validators.map(({ address }) => [address, 1]), threshold: SIGNERS, nonce: word(0n) };
const SIGNERS_TYPE = "tuple(tuple(address signer,uint128 weight)[] signers,uint128 threshold,bytes32 nonce)";
const MESSAGES_TYPE =
  "tuple(string sourceChain,string messageId,string sourceAddress,address contractAddress,bytes32 payloadHash)[]";
const SOURCE = { chain: "huangpu-trade", address: seededBytes("source", 20) };
const DESTINATION = { chain: "huangpu-finance", address: seededBytes("destination", 20) };
const APPROVE_MESSAGES = 0;
const RETAINED_SETS = 15;
const ROTATION_DELAY = 86_400;
const PERSONAL_SIGN = "\x19Ethereum Signed Message:\n96";

interface ApprovedMessage {
  id: string;
  content: Hex;
}

export async function measureAxelar(hardfork: Hardfork, contracts: PeerContracts): Promise<AxelarGas> {
  return await withPeerChain(hardfork, contracts, async (chain) => {
    const gateway = await deploy(chain);
    const recipient = await chain.deploy("AxelarRecipient", gateway);
    const send = async (index: number) =>
      await gasOf(gateway.getFunction("callContract")(DESTINATION.chain, DESTINATION.address, payload(index)));
    await send(0);

    let made = 0;
    const next = (count: number) => Array.from({ length: count }, () => message(made++));
    const approve = async (messages: readonly ApprovedMessage[]) => {
      const given = await approval(recipient, messages);
      return (await gasOf(gateway.getFunction("approveMessages")(...given))) / messages.length;
    };
    const execute = async ({ id, content }: ApprovedMessage) => {
      const command = keccakText(`${SOURCE.chain}_${id}`);
      return await gasOf(recipient.getFunction("execute")(command, SOURCE.chain, SOURCE.address, content));
    };
    const [first, second, ten] = [next(1), next(1), next(10)];
    await approve(first);
    await execute(first[0] as ApprovedMessage);
    const approved = { "1": await approve(second), "10": await approve(ten) };
    return { callContract: await send(1), approve: approved, execute: await execute(second[0] as ApprovedMessage) };
  });
}

async function deploy(chain: PeerChain): Promise<Contract> {
  const implementation = await chain.deploy("AxelarAmplifierGateway", RETAINED_SETS, DOMAIN_SEPARATOR, ROTATION_DELAY);
  const setup = encode(["address", `${SIGNERS_TYPE}[]`], [chain.account, [SIGNER_SET]]);
  const proxy = await chain.deploy("AxelarAmplifierGatewayProxy", implementation, chain.account, setup);
  return chain.at(await proxy.getAddress(), "AxelarAmplifierGateway");
}

/** A message id as Axelar gives them: transaction hash and index. */
function message(index: number): ApprovedMessage {
  return { id: `${keccakText(`transaction ${index}`)}-${index % 10}`, content: payload(index) };
}

async function approval(recipient: Contract, messages: readonly ApprovedMessage[]): Promise<unknown[]> {
  const to = await recipient.getAddress();
  const listed = messages.map(({ id, content }) => [SOURCE.chain, id, SOURCE.address, to, keccak256(content)]);
  const dataHash = keccak256(encode(["uint8", MESSAGES_TYPE], [APPROVE_MESSAGES, listed]));
  const signersHash = keccak256(encode([SIGNERS_TYPE], [SIGNER_SET]));
  const prefix: Hex = `0x${Buffer.from(PERSONAL_SIGN).toString("hex")}`;
  const digest = keccak256(concat(prefix, DOMAIN_SEPARATOR, signersHash, dataHash));
  const signatures = validators.slice(0, SIGNERS).map(({ signingKey }) => signingKey.sign(digest).serialized);
  return [listed, { signers: SIGNER_SET, signatures }];
}

function encode(types: string[], values: unknown[]): Hex {
  return AbiCoder.defaultAbiCoder().encode(types, values) as Hex;
}
