import type { ServerResponse } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import type { NodeStatus } from "./node-status.ts";

export interface HealthDependencies {
  status: NodeStatus;
  registry: Registry;
}

const PATHS: ReadonlySet<string> = new Set(["/live", "/ready", "/metrics"]);

/**
 * `GET /live` answers 200 while the loops go round, else 503: restart the process. `GET /ready` answers 200 or 503 with the
 * reasons and the figures behind them: somebody should look. `GET /metrics` is for Prometheus. None of it is secret, none of
 * it is for strangers.
 */
export function createHealthServer({ status, registry }: HealthDependencies): FastifyInstance {
  const server = Fastify({
    bodyLimit: 1,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: (_, __, reply: { raw: ServerResponse }) => {
      reply.raw.writeHead(400, { "content-type": "application/json" }).end('{"code":"REQUEST_INVALID"}');
    },
  });

  server.get("/live", async (_, reply) => {
    const reasons = status.live();
    return await reply.code(reasons.length === 0 ? 200 : 503).send({ live: reasons.length === 0, reasons });
  });

  server.get("/ready", async (_, reply) => {
    const reasons = status.ready();
    const ready = reasons.length === 0;
    return await reply.code(ready ? 200 : 503).send({ ready, reasons, ...status.describe() });
  });

  server.get("/metrics", async (_, reply) => {
    return await reply.type(registry.contentType).send(await registry.metrics());
  });

  server.setNotFoundHandler(async (request, reply) => {
    const [path = ""] = request.url.split("?");
    if (!PATHS.has(path)) return await reply.code(404).send({ code: "NOT_FOUND" });
    return await reply.code(405).header("allow", "GET").send({ code: "METHOD_NOT_ALLOWED" });
  });

  server.setErrorHandler(async (error: { statusCode?: number }, _, reply) => {
    const { statusCode = 500 } = error;
    return await reply.code(statusCode).send({ code: statusCode < 500 ? "REQUEST_INVALID" : "INTERNAL" });
  });

  return server;
}
