import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { assembleSeal, type HeaderAttestation } from "../../../src/core/attestation.ts";
import { concat, type Hex } from "../../../src/core/hex.ts";
import { AttestationClient } from "../../../src/relayer/attestation-client.ts";
import { type FakeServer, type Responder, serve } from "../../support/fakes/http-server.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { addressOf, sign, wallets } from "../../support/fakes/two-chains.ts";

const BLOCK: HeaderAttestation = { chainId: 7101, number: 5, blockHash: `0x${"b5".repeat(32)}` };
const [attestor] = wallets("attestor", 1) as [Wallet];
const honest = sign(attestor, BLOCK);
const never = new AbortController().signal;

describe("AttestationClient > against an attestor that means harm", () => {
  const servers: FakeServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  const start = async (respond: Responder): Promise<string> => {
    const server = await serve(respond);
    servers.push(server);
    return server.url;
  };
  const collect = async (...urls: string[]) =>
    await new AttestationClient({ urls, timeoutMs: 2_000 }).collectSeal(BLOCK, [addressOf(attestor)], 1, never);

  /** ecrecover takes 27 and 28 alone, so a seal with any other v is refused on chain, again and again. */
  for (const [form, shift] of [
    ["y parity", -27],
    ["an EIP-155 v", 10],
  ] as const) {
    it(`puts a signature with ${form} into the form that the contract takes`, async () => {
      const v = Number.parseInt(honest.signature.slice(-2), 16) + shift;
      const signature = concat(honest.signature.slice(0, -2) as Hex, `0x${v.toString(16).padStart(2, "0")}`);
      const seal = await collect(await start(() => ({ body: { signature } })));
      expect(seal).to.equal(assembleSeal([honest], 1));
    });
  }

  it("does not follow a redirection", async () => {
    let followed = 0;
    const target = await start(() => {
      followed++;
      return { body: honest };
    });
    const redirecting = createServer((_, response) => response.writeHead(307, { location: target }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
    servers.push({ url: "", close: async () => void redirecting.close() });
    await thrown("NO_QUORUM", collect(`http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`));
    expect(followed).to.equal(0);
  });

  it("reads no further than an answer can be long, and reports no more of it", async () => {
    const url = await start(() => ({ status: 500, body: { message: "x".repeat(1_000_000) } }));
    const error = await thrown("NO_QUORUM", collect(url));
    expect(JSON.stringify(error.fields).length).to.be.lessThan(500);
  });

  it("is named without what may be a credential in its URL, also where it says what it was asked with", async () => {
    const respond: Responder = (_, { url = "", headers }) => ({
      status: 403,
      body: { path: url, authorization: headers.authorization },
    });
    const at = new URL(await start(respond));
    const error = await thrown("NO_QUORUM", collect(`http://member:pass%2Fphrase@${at.host}/k3y-of-a-member`, at.href));
    const told = JSON.stringify(error.fields);
    for (const secret of ["phrase", "k3y-of-a-member", btoa("member:pass/phrase")]) expect(told).to.not.include(secret);
    expect(told).to.include("/…/attestations").and.to.include("Basic …");
    expect(Object.keys(error.fields["refusals"] as object)).to.have.members([at.host, `${at.host}#2`]);
  });
});
