import { toHex } from "../../../src/core/hex.ts";
import { encodeQbftExtraData } from "../../../src/core/qbft-extra-data.ts";
import type { ChainName, Network } from "../network-schema.ts";
import { genesisValidatorsOf } from "../nodes.ts";

/** The mark of a BFT chain: "ctical byzantine fault tolerance" in ASCII. */
const MIX_HASH = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365";
const EPOCH_LENGTH = 30_000;

/** The extraData of block 0: the first validators, ascending; round 0, no vote, no seals. */
export function genesisExtraData(network: Network, chain: ChainName): string {
  return encodeQbftExtraData({
    vanity: toHex(new Uint8Array(32)),
    validators: genesisValidatorsOf(network, chain),
    round: 0,
    seals: [],
  });
}

/** `genesis.json` of a chain: QBFT with validators in the header, Cancun from the start, no fees. */
export function genesisFile(network: Network, name: ChainName): string {
  const chain = network.chains[name];
  const genesis = {
    config: {
      chainId: chain.chainId,
      berlinBlock: 0,
      londonBlock: 0,
      shanghaiTime: 0,
      cancunTime: 0,
      zeroBaseFee: true,
      contractSizeLimit: chain.contractSizeLimit,
      qbft: {
        epochlength: EPOCH_LENGTH,
        blockperiodseconds: chain.blockPeriodSeconds,
        emptyblockperiodseconds: chain.emptyBlockPeriodSeconds,
        requesttimeoutseconds: chain.requestTimeoutSeconds,
      },
    },
    nonce: "0x0",
    timestamp: "0x0",
    gasLimit: `0x${chain.gasLimit.toString(16)}`,
    difficulty: "0x1",
    mixHash: MIX_HASH,
    coinbase: "0x0000000000000000000000000000000000000000",
    baseFeePerGas: "0x0",
    alloc: {},
    extraData: genesisExtraData(network, name),
  };
  return `${JSON.stringify(genesis, undefined, 2)}\n`;
}
