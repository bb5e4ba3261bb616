import { expect } from "chai";
import { Signature, type Wallet } from "ethers";
import { assembleSeal, type HeaderAttestation } from "../../../src/core/attestation.ts";
import type { Hex } from "../../../src/core/hex.ts";
import { AttestationClient } from "../../../src/relayer/attestation-client.ts";
import { type Answer, closedUrl, type FakeServer, serve } from "../../support/fakes/http-server.ts";
import { thrown } from "../../support/fakes/thrown.ts";
import { addressOf, sign, wallets } from "../../support/fakes/two-chains.ts";

const BLOCK: HeaderAttestation = { chainId: 7101, number: 5, blockHash: `0x${"b5".repeat(32)}` };
const attestors = wallets("attestor", 4);
const validators = attestors.map(addressOf);
const never = new AbortController().signal;
const hosts = (urls: readonly string[]) => urls.map((url) => new URL(url).host);
const expected = (signers: readonly Wallet[]) =>
  assembleSeal(
    signers.map((signer) => sign(signer, BLOCK)),
    signers.length,
  );

/** What an attestor may do with a request. */
type Behaviour = (wallet: Wallet, asked: HeaderAttestation) => Answer | undefined;

const honest: Behaviour = (wallet, asked) => ({ body: sign(wallet, asked) });
const silent: Behaviour = () => undefined;

/** Behaviours whose answer never counts. */
const FAULTS: Record<string, Behaviour> = {
  "is slow": silent,
  "signs another hash": (wallet, asked) => ({ body: sign(wallet, { ...asked, blockHash: `0x${"ff".repeat(32)}` }) }),
  "signs another height": (wallet, asked) => ({ body: sign(wallet, { ...asked, number: asked.number + 1 }) }),
  "signs another chain": (wallet, asked) => ({ body: sign(wallet, { ...asked, chainId: 7102 }) }),
  "claims to be another and signs with a stranger's key": (wallet, asked) => ({
    body: { ...sign(wallets("stranger", 1)[0] as Wallet, asked), signer: addressOf(wallet) },
  }),
  refuses: () => ({ status: 409, body: { code: "BLOCK_CONFLICT" } }),
  fails: () => ({ status: 500, body: "<html>oops</html>" }),
  "refuses with a good signature": (wallet, asked) => ({ status: 425, body: sign(wallet, asked) }),
  "answers no JSON": () => ({ body: "signed!" }),
  "answers no signature": () => ({ body: {} }),
  "answers null": () => ({ body: "null" }),
  "answers a short signature": () => ({ body: { signature: "0x1234" } }),
  "answers a signature of zeros": () => ({ body: { signature: `0x${"00".repeat(65)}` } }),
  "answers the other half of the curve": (wallet, asked) => ({
    body: { signature: highS(sign(wallet, asked).signature) },
  }),
};

/** The same signature with the other s, which the contract refuses. */
function highS(signature: Hex): Hex {
  const { r, s, yParity } = Signature.from(signature);
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  return `0x${r.slice(2)}${(order - BigInt(s)).toString(16).padStart(64, "0")}${yParity === 0 ? "1c" : "1b"}`;
}

describe("AttestationClient", () => {
  const servers: FakeServer[] = [];
  const asked: { wallet: Wallet; path: string | undefined; body: HeaderAttestation }[] = [];
  afterEach(async () => {
    asked.length = 0;
    for (const server of servers.splice(0)) await server.close();
  });

  async function start(wallet: Wallet, behaviour: Behaviour): Promise<string> {
    const server = await serve((body, { url: path }) => {
      const attestation = JSON.parse(body) as HeaderAttestation;
      asked.push({ wallet, path, body: attestation });
      return behaviour(wallet, attestation);
    });
    servers.push(server);
    return server.url;
  }

  const startAll = async (behaviours: Behaviour[]) =>
    await Promise.all(behaviours.map((behaviour, index) => start(attestors[index % 4] as Wallet, behaviour)));
  const collect = async (urls: string[], { timeoutMs = 5_000, quorum = 3, signal = never } = {}) =>
    await new AttestationClient({ urls, timeoutMs }).collectSeal(BLOCK, validators, quorum, signal);

  it("makes a seal of a quorum of signatures, by ascending signer", async () => {
    const urls = await startAll([honest, honest, honest, honest]);
    expect(await collect(urls, { quorum: 4 })).to.equal(expected(attestors));
    expect(asked.map(({ body }) => body)).to.deep.equal([BLOCK, BLOCK, BLOCK, BLOCK]);
    expect(asked.every(({ path }) => path === "/attestations")).to.equal(true);
  });

  it("takes no more than the quorum", async () => {
    const seal = await collect(await startAll([honest, honest, honest, honest]));
    expect(seal).to.have.length(2 + 3 * 130);
  });

  it("stops at a quorum without waiting for the slow one", async () => {
    const urls = await startAll([honest, silent, honest, honest]);
    expect(await collect(urls, { timeoutMs: 600_000 })).to.equal(expected(attestors.toSpliced(1, 1)));
  });

  it("asks an attestor behind a path below that path", async () => {
    const url = await start(attestors[0] as Wallet, honest);
    await collect([`${url}/members/bank`], { quorum: 1 });
    await collect([`${url}/members/bank/`], { quorum: 1 });
    expect(asked.map(({ path }) => path)).to.deep.equal(["/members/bank/attestations", "/members/bank/attestations"]);
  });

  for (const [fault, behaviour] of Object.entries(FAULTS)) {
    it(`does without an attestor that ${fault}`, async () => {
      const urls = await startAll([honest, behaviour, honest, honest]);
      expect(await collect(urls)).to.equal(expected(attestors.toSpliced(1, 1)));
    });

    it(`fails with NO_QUORUM when it needs one that ${fault}, and says what it answered`, async () => {
      const urls = await startAll([honest, behaviour, honest]);
      const error = await thrown("NO_QUORUM", collect(urls, { timeoutMs: 400 }));
      expect(error.fields).to.include({ ...BLOCK, quorum: 3 });
      expect(error.fields["refusals"]).to.have.all.keys(hosts(urls)[1] as string);
    });
  }

  it("does without an attestor that is down", async () => {
    const [first, second, third] = await startAll([honest, honest, honest]);
    const seal = await collect([await closedUrl(), first as string, second as string, third as string]);
    expect(seal).to.equal(expected(attestors.slice(0, 3)));
  });

  it("fails with NO_QUORUM when all are down", async () => {
    const urls = [await closedUrl(), await closedUrl()];
    const error = await thrown("NO_QUORUM", collect(urls));
    expect(error.fields["refusals"]).to.have.all.keys(...hosts(urls));
    expect(error.retryable).to.equal(true);
  });

  it("does not count strangers, however many", async () => {
    const strangers = wallets("stranger", 5);
    const urls = await Promise.all([...strangers, ...attestors.slice(0, 2)].map((wallet) => start(wallet, honest)));
    const error = await thrown("NO_QUORUM", collect(urls));
    expect(error.fields["refusals"]).to.have.all.keys(...hosts(urls).slice(0, 5));
  });

  it("counts an attestor once that answers at several addresses", async () => {
    const one = attestors[0] as Wallet;
    const urls = await Promise.all([one, one, one, attestors[1] as Wallet].map((wallet) => start(wallet, honest)));
    await thrown("NO_QUORUM", collect(urls));
    urls.push(await start(attestors[2] as Wallet, honest));
    expect(await collect(urls)).to.equal(expected(attestors.slice(0, 3)));
  });

  it("hands on signatures in the form that the contract takes, whatever form they come in", async () => {
    const forms: ((signature: Signature) => string)[] = [
      ({ r, s, yParity }) => `${r}${s.slice(2)}0${yParity}`,
      ({ r, s, yParity }) => `${r}${s.slice(2)}${(35 + 2 * 7 + yParity).toString(16)}`,
      ({ serialized }) => `0x${serialized.slice(2).toUpperCase()}`,
    ];
    const behaviours = forms.map(
      (form): Behaviour =>
        (wallet, attestation) => ({
          body: { signature: form(Signature.from(sign(wallet, attestation).signature)) },
        }),
    );
    expect(await collect(await startAll(behaviours))).to.equal(expected(attestors.slice(0, 3)));
  });

  it("stops at once when it is aborted", async () => {
    const abort = new AbortController();
    const urls = await startAll([silent, silent, silent]);
    const collecting = collect(urls, { timeoutMs: 600_000, signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await thrown("NO_QUORUM", collecting);
  });
});
