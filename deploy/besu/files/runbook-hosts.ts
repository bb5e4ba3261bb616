import { type ChainName, chainNames, type Network } from "../network-schema.ts";
import { nodesOf } from "../nodes.ts";

/** From bare hosts to a chain that makes blocks. */
export function hostSteps(network: Network): string[] {
  return [...preparation(network), ...start(network), ...tokens(network)];
}

function preparation(network: Network): string[] {
  return `## Before the first start

All members compare one hash, over a channel that is not this network. Equal hashes mean equal genesis files and lists:

\`\`\`sh
sha256sum -c SHA256SUMS && sha256sum SHA256SUMS
\`\`\`

On every host, once:

1. Besu ${network.besu} in \`/opt/besu\`, checked against its published hash; JDK 25; a clock that is kept by NTP (chrony).
2. \`sudo useradd --system --shell /usr/sbin/nologin besu\`
3. The node's key is made where it stays (or in a hardware module, by Besu's \`--security-module\`). For each chain of the
   host, with CHAIN \`trade\` or \`finance\`:

   \`\`\`sh
   sudo install -d -o besu -g besu -m 0700 /var/lib/besu/CHAIN
   sudo -u besu /opt/besu/bin/besu --data-path=/var/lib/besu/CHAIN public-key export
   \`\`\`

   It makes \`/var/lib/besu/CHAIN/key\` if there is none, and prints the public key, \`0x\` first, which goes into \`network.yaml\`.
   Nothing else ever leaves the host. Look for \`key\` afterwards, keep it at 0600, back it up encrypted, and never start it on two
   hosts: a validator that seals twice endangers the chain and the bridge.
4. Its folder of each chain becomes \`/etc/besu/CHAIN\`, owned by root, readable for \`besu\`:

   \`\`\`sh
   sudo install -d -o root -g besu -m 0750 /etc/besu/CHAIN
   sudo install -o root -g besu -m 0640 CHAIN/HOST/* /etc/besu/CHAIN/
   sudo mv /etc/besu/CHAIN/besu-CHAIN.service /etc/systemd/system/
   sudo nft -f /etc/besu/CHAIN/nftables.conf
   /opt/besu/bin/besu validate-config --config-file=/etc/besu/CHAIN/besu.toml
   \`\`\`

   Have the firewall's file included from \`/etc/nftables.conf\`, or it is gone after a restart. Addresses are not translated
   between hosts: an allowlist knows a node by its key, address and port.
`.split("\n");
}

function start(network: Network): string[] {
  const ofRole = (chain: ChainName, ...roles: string[]) =>
    nodesOf(network, chain)
      .filter(({ role }) => roles.includes(role))
      .map(({ host }) => host)
      .join(", ");
  const order = chainNames.flatMap((chain) => [
    `- The ${chain} chain:`,
    `  1. boot nodes: ${ofRole(chain, "boot") || "none"}`,
    `  2. validators: ${ofRole(chain, "validator")}`,
    `  3. the rest: ${ofRole(chain, "rpc", "observer")}`,
  ]);
  return `## Starting

\`sudo systemctl enable --now besu-CHAIN\`, in this order:

${order.join("\n")}

Validators within a minute of each other: while fewer than a quorum are up, the time-out of a round doubles, and whoever
joins late waits. Then, on each host:

\`\`\`sh
curl -s http://127.0.0.1:PORT/liveness
curl -s "http://127.0.0.1:PORT/readiness?minPeers=1&maxBlocksBehind=2"
npx node deploy/besu/main.ts doctor network.yaml --on HOST
\`\`\`

With \`--on\`, \`doctor\` asks the nodes of that host, on which it has to run; with \`--url CHAIN/HOST=http://127.0.0.1:PORT\`, a tunnel
or a proxy, as many as are given. It ends with 0 when all is well, 1 with warnings, 2 with failures.
`.split("\n");
}

function tokens(network: Network): string[] {
  const guarded = chainNames.flatMap((chain) => nodesOf(network, chain)).filter(({ rpc }) => rpc.jwt !== undefined);
  if (guarded.length === 0) return [];
  const files = [...new Set(guarded.map(({ host, rpc }) => `\`${rpc.jwt?.publicKeyFile}\` on ${host}`))];
  return `## Tokens

An RPC beyond loopback takes tokens that are signed with the key whose public half is
${files.join(", ")}. Make the pair where tokens are issued, not on the node:

\`\`\`sh
openssl ecparam -name prime256v1 -genkey -noout -out jwt.pem
openssl ec -in jwt.pem -pubout -out jwt.pub.pem
\`\`\`

A token has \`exp\` and \`permissions\`: an application gets \`["eth:*","net:*","web3:*"]\`, \`doctor\` (by the environment variable
\`HUANGPU_RPC_TOKEN\`) \`["qbft:getValidatorsByBlockNumber"]\` in addition. Never \`*:*\`: that includes votes. Tokens travel
readably without TLS, and Besu has none of its own; the proxy in front has.
`.split("\n");
}
