import { quorumOf } from "../../../src/core/attestation.ts";
import { type ChainName, chainNames, type Network } from "../network-schema.ts";
import { genesisValidatorsOf, validatorsOf } from "../nodes.ts";

/** What is done to a network that runs. */
export function changeSteps(network: Network): string[] {
  return [...validatorSteps(network), ...upgradeSteps(), ...troubleSteps(network), ...bridgeSteps(network)];
}

function validatorSteps(network: Network): string[] {
  const needed = chainNames.map((chain) => {
    const count = validatorsOf(network, chain).length;
    return `${Math.floor(count / 2) + 1} of the ${count} of the ${chain} chain`;
  });
  const founders = (chain: ChainName) =>
    `   # chains.${chain}\n   genesisValidators: ${JSON.stringify(genesisValidatorsOf(network, chain))}`;
  return `## Adding and removing validators

One at a time, never while another one is down. More than half of the set that there is must vote: at the start
${needed.join(" and ")}.

1. Before the first change of all, write down who was there at block 0, or the genesis file would change and no node start:

   \`\`\`yaml
${chainNames.map(founders).join("\n")}
   \`\`\`

   Adding: put the new node into \`network.yaml\` as \`observer\`, generate, copy the lists to all hosts, and have each read them
   anew (below). Start it and let it reach the head. Then make it \`validator\` in the file, generate and copy again.
2. On the validators, at their own RPC (\`false\` to remove):

   \`\`\`sh
   curl -s -H 'content-type: application/json' http://127.0.0.1:PORT -d \\
     '{"jsonrpc":"2.0","id":1,"method":"qbft_proposeValidatorVote","params":["0xNODE_ADDRESS",true]}'
   \`\`\`

3. Each votes when it makes a block, so it takes about as many blocks as there are validators. All votes must fall into one
   epoch of 30,000 blocks. Look at \`qbft_getValidatorsByBlockNumber\` with \`latest\`.
4. Every validator that voted calls \`qbft_discardValidatorVote\` with the same address, or it votes again some day.
5. A relayer runs all the while: the other chain's verifier follows the set step by step, and each step needs its block.
6. Removing: stop the node after the vote, not before. Then take it out of the file, generate, and copy the lists.

**A new key** is a new validator: add it, then remove the old one. A key that is known to others is removed at once.

**Reading lists anew**, on every host, after its \`permissions_config.toml\` was replaced:

\`\`\`sh
curl -s -H 'content-type: application/json' http://127.0.0.1:PORT -d \\
  '{"jsonrpc":"2.0","id":1,"method":"perm_reloadPermissionsFromFile","params":[]}'
\`\`\`

A node whose RPC is not on loopback is restarted instead. A changed \`static-nodes.json\` is read at the next start; until then
the other side makes the connection. Account lists go to all validators and boot nodes within minutes of each other.
`.split("\n");
}

function upgradeSteps(): string[] {
  return `## Upgrading

**Besu.** One node at a time: observers, RPC nodes, boot nodes, validators; after each one \`doctor\`. \`besu\` in \`network.yaml\` goes
up at the end. \`version-compatibility-protection\` keeps an older Besu from a newer one's data: have a backup before.

**A fork or another block period.** The times in \`genesis.json\` hold for the whole network: every file is edited and every
node restarted before the time that is written there, or the chain splits. Try it on a trial first. A fork adds header
fields: \`doctor\` on the trial shows whether they are known to the relayer and the verifier.
`.split("\n");
}

function troubleSteps(network: Network): string[] {
  const limits = chainNames.map((chain) => {
    const count = validatorsOf(network, chain).length;
    return `${count - quorumOf(count) + 1} on the ${chain} chain`;
  });
  return `## When something is wrong

**No more blocks.** As many validators as this are down: ${limits.join(", ")}. The time-out of a round has
doubled with each try, so those that come back do not meet. Mend the hosts, then restart **all** validators together:
\`sudo systemctl restart besu-CHAIN\`. Peers missing: compare lists and firewalls. Blocks after long pauses and rounds above 0:
a validator is slow, or its clock is off.

**A node is lost.** Same key, empty data folder, same configuration: it copies the chain from its peers. Validators one by
one, each at the head before the next; never another validator's data, never more at once than the chain can miss. Backups that
matter: keys, \`network.yaml\`, the first \`genesis.json\`, \`/etc/besu\`.

**Transactions vanish.** Their account is missing from a list (\`doctor\`), or one node's \`min-gas-price\` is above 0.

**Two blocks at one height** with enough seals each: stop the gateways (docs/operations.md) and find whose key seals twice.
`.split("\n");
}

function bridgeSteps(network: Network): string[] {
  const windows = chainNames.map((chain) => {
    const { proofWindowBlocks, blockPeriodSeconds } = network.chains[chain];
    const hours = ((proofWindowBlocks * blockPeriodSeconds) / 3_600).toFixed(1);
    return `- ${chain} chain: ${proofWindowBlocks} blocks, ${hours} h at full pace`;
  });
  return `## The bridge

RPC nodes and observers prove state for
${windows.join(", ")}. A relayer that stood still for longer proves at a newer header, and delivers in parts what it missed; nothing is lost. The older
the block, the longer a proof takes.

A relayer needs an RPC node of each chain, an account on both lists, and no gas money. It sends no tokens, so it runs where
those nodes are on loopback, or behind a proxy that adds one. \`huangpu/relayer*.json\` are the configurations for such
places; the gateways' addresses are zero until \`generate --deployment FILE\` knows them. \`huangpu/parameters.json\` is what
the contracts are deployed with:

\`\`\`sh
npx hardhat deploy --parameters DIR/huangpu/parameters.json --trade tradeConsortium --finance financeConsortium
\`\`\`

Relayers show a changed set of validators to the other chain's \`QbftHeaders\`, one change after the other. If none runs for
${days(network, "trade")} (trade) or ${days(network, "finance")} (finance), the set has expired, and only VALIDATOR_ADMIN can name a new one, after its delay.
`.split("\n");
}

function days(network: Network, chain: ChainName): string {
  return `${Number((network.chains[chain].trustingPeriodSeconds / 86_400).toFixed(1))} days`;
}
