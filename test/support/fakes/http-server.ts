import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is a text. */
  body: unknown;
}

/** Undefined: never answers. */
export type Responder = (body: string, request: IncomingMessage) => Answer | undefined | Promise<Answer | undefined>;

export interface FakeServer {
  url: string;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1 that answers as it is told. */
export async function serve(respond: Responder): Promise<FakeServer> {
  const server = createServer((request, response) => void answer(request, response, respond));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An address where nobody listens: that of a server that has just closed. */
export async function closedUrl(): Promise<string> {
  const server = await serve(() => undefined);
  await server.close();
  return server.url;
}

async function answer(request: IncomingMessage, response: ServerResponse, respond: Responder): Promise<void> {
  const given = await respond(await text(request), request);
  if (given === undefined) return;
  const body = typeof given.body === "string" ? given.body : JSON.stringify(given.body);
  response.writeHead(given.status ?? 200, { "content-type": "application/json", ...given.headers }).end(body);
}
