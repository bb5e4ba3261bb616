import { chainNames, type Network } from "../network-schema.ts";
import { nodesOf } from "../nodes.ts";
import { dataFolder } from "./node-files.ts";

/** From nothing to both chains in containers. */
export function trialSteps(network: Network): string[] {
  const nodes = chainNames.flatMap((chain) => nodesOf(network, chain));
  const keys = nodes.map((node) => `key ${node.host} ${dataFolder(node)}`);
  return `## Keys

Each container's key is made in its volume; what is printed is the public key, for \`network.yaml\`. Then generate
anew with \`--force\`, and only then start.

\`\`\`sh
key() {
  echo "$1"
  docker run --rm --volume "${network.network}_$1:$2" hyperledger/besu:${network.besu} --data-path="$2" public-key export
}
${keys.join("\n")}
\`\`\`

## Starting

\`\`\`sh
docker compose up --detach
docker compose logs --follow
npx node deploy/besu/main.ts doctor network.yaml
docker compose down              # and with --volumes to forget chains and keys
\`\`\`

Ten JVMs want about 15 GB of memory. Everything is published on 127.0.0.1 without tokens; a trial is for trying.
`.split("\n");
}
