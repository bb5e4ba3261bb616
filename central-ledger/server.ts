import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { type ErrorCode, HuangpuError } from "../src/core/errors.ts";
import { decodeXml, MAX_MESSAGE_BYTES } from "../src/iso20022/xml.ts";
import type { Logger } from "../src/telemetry/logger.ts";
import { type Behaviours, parseBehaviours } from "./config.ts";
import type { Operator } from "./operator.ts";

const XML = "application/xml";

/**
 * What members reach: `POST /messages` with a pacs.009 answers its pacs.002, `GET /messages?after=<cursor>` answers what was
 * told since, `GET /statements/<LEI>-<currency>/<date>` answers a camt.053, and `GET /live` answers while the process runs.
 */
export function createLedgerServer(operator: Operator, logger: Logger): FastifyInstance {
  const server = Fastify({ bodyLimit: MAX_MESSAGE_BYTES, forceCloseConnections: true });
  answerErrors(server, logger);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(XML, { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  server.get("/live", () => ({ live: true }));

  server.post("/messages", async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return await sendXml(reply, operator.submit(decodeXml(body)));
  });

  server.get<{ Querystring: { after?: string | string[] } }>("/messages", ({ query }) => {
    const { after = "" } = query;
    if (typeof after !== "string") throw new HuangpuError("LEDGER_REFUSED", "One cursor can be followed at a time");
    return operator.since(after);
  });

  server.get<{ Params: { account: string; date: string } }>("/statements/:account/:date", async ({ params }, reply) => {
    return await sendXml(reply, operator.statement(params.account, params.date));
  });

  return server;
}

/** What only the operator reaches, on a port of its own: `PUT /behaviours` and `POST /reversals/<UETR>`. */
export function createAdminServer(
  operator: Operator,
  behave: (behaviours: Behaviours) => void,
  logger: Logger,
): FastifyInstance {
  const server = Fastify({ bodyLimit: 65_536, forceCloseConnections: true });
  answerErrors(server, logger);

  server.put("/behaviours", ({ body }) => {
    const behaviours = parseBehaviours(body);
    behave(behaviours);
    logger.warn({ behaviours }, "Behaviours changed");
    return behaviours;
  });

  server.post<{ Params: { uetr: string } }>("/reversals/:uetr", ({ params }) => {
    operator.reverse(params.uetr);
    return { reversed: params.uetr };
  });

  return server;
}

async function sendXml(reply: FastifyReply, xml: string): Promise<FastifyReply> {
  return await reply.type(`${XML}; charset=utf-8`).send(xml);
}

/** Statuses of what is the caller's fault here, though not where the caller passes it on. */
const OWN_STATUS: Partial<Record<ErrorCode, number>> = { LEDGER_REFUSED: 409, CONFIG_INVALID: 400 };

/** A request is refused with a code, or with the status that the server has for it; anything else is a defect. */
function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler(async (caught: Error & { statusCode?: number }, _request, reply) => {
    if (caught instanceof HuangpuError) {
      const { code, message, status } = caught;
      logger.info({ code, reason: message }, "Refused a request");
      return await reply.code(OWN_STATUS[code] ?? status).send({ code, message });
    }
    const status = caught.statusCode ?? 500;
    if (status >= 500) logger.error({ reason: caught.message }, "Failed to answer");
    return await reply.code(status).send({ code: "REQUEST_INVALID", message: status < 500 ? caught.message : "" });
  });
}
