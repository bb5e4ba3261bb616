import { Wallet } from "ethers";
import { Gateway } from "../../../src/chains/gateway.ts";
import {
  assembleSeal,
  attestationDigest,
  type HeaderAttestation,
  type SignedAttestation,
} from "../../../src/core/attestation.ts";
import { HuangpuError } from "../../../src/core/errors.ts";
import { type Hex, keccakText } from "../../../src/core/hex.ts";
import { AttestationClient } from "../../../src/relayer/attestation-client.ts";
import { FakeChain } from "./fake-chain.ts";
import { FakeGateway } from "./fake-gateway.ts";

export const wallets = (name: string, count: number): Wallet[] =>
  Array.from({ length: count }, (_, index) => new Wallet(keccakText(`${name} ${index}`)));

export const addressOf = (wallet: Wallet): Hex => wallet.address.toLowerCase() as Hex;

export function sign(wallet: Wallet, attestation: HeaderAttestation): SignedAttestation {
  return {
    signer: addressOf(wallet),
    signature: wallet.signingKey.sign(attestationDigest(attestation)).serialized as Hex,
  };
}

/** Attestors that sign whatever they are asked, without a network between. */
export class FakeAttestations extends AttestationClient {
  readonly asked: HeaderAttestation[] = [];
  signers: readonly Wallet[];

  constructor(signers: readonly Wallet[]) {
    super({ urls: [], timeoutMs: 1 });
    this.signers = signers;
  }

  override async collectSeal(
    attestation: HeaderAttestation,
    _validators: readonly Hex[],
    quorum: number,
  ): Promise<Hex> {
    this.asked.push(attestation);
    const seal = assembleSeal(
      this.signers.map((signer) => sign(signer, attestation)),
      quorum,
    );
    if (seal === undefined) throw new HuangpuError("NO_QUORUM", "Too few attestors are up");
    return seal;
  }
}

export const TRADE_GATEWAY: Hex = `0x${"7a".repeat(20)}`;
export const FINANCE_GATEWAY: Hex = `0x${"f1".repeat(20)}`;

/** A trade and a finance chain with their gateways, four attestors and a relayer's wallet. */
export function twoChains({ messageGas = 100_000n, messageGasLimit = 1_000_000n } = {}) {
  const attestors = wallets("attestor", 4);
  const validators = attestors.map(addressOf).sort();
  const trade = new FakeChain("trade", 7101);
  const finance = new FakeChain("finance", 7102);
  const common = { validators, messageGas, messageGasLimit };
  const tradeGateway = new FakeGateway(trade, {
    ...common,
    address: TRADE_GATEWAY,
    remote: { chainId: 7102, gateway: FINANCE_GATEWAY },
  });
  const financeGateway = new FakeGateway(finance, {
    ...common,
    address: FINANCE_GATEWAY,
    remote: { chainId: 7101, gateway: TRADE_GATEWAY },
  });
  return {
    trade,
    finance,
    tradeGateway,
    financeGateway,
    source: new Gateway(trade, TRADE_GATEWAY),
    destination: new Gateway(finance, FINANCE_GATEWAY),
    attestors,
    validators,
    attestations: new FakeAttestations(attestors),
    relayer: wallets("relayer", 1)[0] as Wallet,
  };
}

export type TwoChains = ReturnType<typeof twoChains>;

/** Sends messages on the trade chain, one block each, and says what was sent. */
export function sendMany(
  { trade, tradeGateway }: TwoChains,
  sender: Hex,
  count: number,
  recipient: Hex = `0x${"cc".repeat(20)}`,
) {
  return Array.from({ length: count }, () => {
    const sent = tradeGateway.send(sender, { recipient, payload: keccakText(`${trade.height} ${sender}`) });
    trade.mine();
    return sent;
  });
}
