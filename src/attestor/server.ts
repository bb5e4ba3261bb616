import Fastify, { type FastifyInstance } from "fastify";
import { z } from "zod";
import { asHuangpuError } from "../core/errors.ts";
import type { Hex } from "../core/hex.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type AttestDependencies, attest } from "./attest.ts";
import type { AttestorObserver } from "./events.ts";

const requestSchema = z.strictObject({
  chainId: z.int().positive(),
  number: z.int().nonnegative(),
  blockHash: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/, "must be 32 bytes in lower-case hexadecimal, 0x first")
    .transform((hash) => hash as Hex),
});

export interface AttestorServerDependencies extends AttestDependencies {
  logger: Logger;
  observer?: AttestorObserver;
}

/**
 * `POST /attestations` with chainId, number and blockHash answers the signer and its signature, or what stands against
 * it; `GET /live` answers while the process runs. Anybody may ask: what is signed is a fact about a chain.
 */
export function createAttestorServer(dependencies: AttestorServerDependencies): FastifyInstance {
  const { logger, wallet, observer = () => undefined } = dependencies;
  // A connection on which nothing is asked would hold up the end by a minute.
  const server = Fastify({ bodyLimit: 4_096, forceCloseConnections: true });

  server.get("/live", () => ({ live: true }));

  server.post("/attestations", async (request, reply) => {
    const parsed = requestSchema.safeParse(request.body);
    if (!parsed.success) {
      observer({ type: "refused", code: "REQUEST_INVALID" });
      return await reply.code(400).send({ code: "REQUEST_INVALID", message: z.prettifyError(parsed.error) });
    }
    try {
      const signature = await attest(parsed.data, dependencies);
      logger.debug(parsed.data, "Block attested");
      observer({ type: "signed", chainId: parsed.data.chainId });
      return { signer: wallet.address.toLowerCase(), signature };
    } catch (caught) {
      const error = asHuangpuError(caught);
      observer({ type: "refused", code: error.code });
      // Anybody can ask for what is not so; that this node has another block than was signed is another matter.
      if (error.fields["signed"] === undefined) {
        logger.debug({ code: error.code, ...error.fields }, "Refused to attest");
      } else {
        logger.error(error.fields, "This node has another block than was signed at its height");
        observer({ type: "conflict", chainId: parsed.data.chainId });
      }
      return await reply.code(error.status).send({ code: error.code, message: error.message });
    }
  });

  return server;
}
