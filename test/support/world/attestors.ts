import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HDNodeWallet } from "ethers/wallet";
import type { RunningAttestor } from "../../../src/app.ts";
import { attestationDigest, type HeaderAttestation } from "../../../src/core/attestation.ts";
import { type Hex, keccakText } from "../../../src/core/hex.ts";

/** The validators of the local chains. */
export const ATTESTORS = ["attestor1", "attestor2", "attestor3", "attestor4"] as const;

export interface AttestationAnswer {
  status: number;
  body: { code?: string; signer?: Hex; signature?: Hex };
}

/** Asks an attestor as a relayer does. */
export async function ask(url: string, attestation: HeaderAttestation): Promise<AttestationAnswer> {
  const response = await fetch(new URL("/attestations", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(attestation),
  });
  return { status: response.status, body: (await response.json()) as AttestationAnswer["body"] };
}

/** A validator's key in the wrong hands: whatever it is asked, it signs another hash. */
export async function startLyingAttestor(wallet: HDNodeWallet): Promise<RunningAttestor> {
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const asked = JSON.parse(text) as HeaderAttestation;
    const signed = attestationDigest({ ...asked, blockHash: keccakText("another block") });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ signer: wallet.address, signature: wallet.signingKey.sign(signed).serialized }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ended: new Promise(() => undefined),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
