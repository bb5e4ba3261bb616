import type { Network } from "../network-schema.ts";
import { nodesOf, validatorsOf } from "../nodes.ts";
import { type Check, fail, judge, ok, skip, type Verdict, warn } from "./check.ts";
import type { ChainFacts } from "./examine.ts";
import { followHeaders } from "./follow-headers.ts";
import type { SealedHeader } from "./sealed-header.ts";

/** What is checked of a chain as a whole. */
export function chainChecks(network: Network, facts: ChainFacts): Check[] {
  const { chain } = facts;
  const check = (name: string, [status, text]: Verdict, subject = "chain"): Check => ({
    chain,
    subject,
    name,
    status,
    text,
  });
  const unasked = facts.unasked.map((node) =>
    check("rpc", skip("is reached on its own host only: use --on there, or --url with a tunnel"), node.host),
  );
  if (facts.nodes.length === 0) return unasked;
  if (facts.headers === undefined) return [...unasked, check("headers", fail("no node of the chain answers"))];
  const { host, blocks } = facts.headers;
  const { headers, problem } = followHeaders(blocks, validatorsOf(network, chain));
  return [
    ...unasked,
    check("headers", headersVerdict(host, headers, problem)),
    ...(headers.length === 0
      ? []
      : [check("rounds", roundsVerdict(headers)), check("seals", signersVerdict(network, facts, headers))]),
    ...facts.code.map(({ contract, address, code }) =>
      check(
        `code of ${contract}`,
        judge(code, (bytes) => (bytes === "0x" ? fail(`there is none at ${address}`) : ok(address))),
      ),
    ),
  ];
}

function headersVerdict(host: string, headers: readonly SealedHeader[], problem: string | undefined): Verdict {
  if (problem !== undefined) return fail(`${host}: ${problem}`);
  if (headers.length === 0) return warn("there are no blocks to look back over yet");
  const [first, last] = [headers.at(0)?.number, headers.at(-1)?.number];
  return ok(`${first} to ${last} hash to their hashes, follow each other, and are sealed by a quorum`);
}

function roundsVerdict(headers: readonly SealedHeader[]): Verdict {
  const late = headers.filter(({ round }) => round > 0).length;
  const highest = Math.max(...headers.map(({ round }) => round));
  const text = `${late} of the last ${headers.length} blocks took more than one round, at most ${highest + 1}`;
  if (late * 3 > headers.length) return fail(`${text}: validators do not reach each other in time`);
  return late * 20 > headers.length ? warn(text) : ok(text);
}

/** A block carries hardly more seals than a quorum, so a validator's share says how often it is among the fastest. */
function signersVerdict(network: Network, { chain }: ChainFacts, headers: readonly SealedHeader[]): Verdict {
  const counts = nodesOf(network, chain)
    .filter(({ role }) => role === "validator")
    .map(({ host, nodeAddress }) => ({
      host,
      sealed: headers.filter(({ signers }) => signers.includes(nodeAddress)).length,
    }));
  const text = `of ${headers.length} blocks: ${counts.map(({ host, sealed }) => `${host} ${sealed}`).join(", ")}`;
  const silent = counts.filter(({ sealed }) => sealed === 0);
  const tooFewToTell = headers.length < counts.length * 4;
  if (silent.length === 0 || tooFewToTell) return ok(text);
  return warn(`${text}; is ${silent.map(({ host }) => host).join(", ")} down?`);
}
