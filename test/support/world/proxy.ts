import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  /** Of a request that is no JSON-RPC, its path. */
  method: string;
  params: unknown[];
}

/** What a proxy does with a call: answer it, answer what is no JSON-RPC, break the connection, or say nothing at all. */
export type Answer =
  | { result: unknown }
  | { error: { code: number; message: string } }
  | { status: number; text: string }
  /** Breaks the connection before the call is carried out. */
  | "drop"
  /** Carries the call out and breaks the connection in the middle of the answer. */
  | "truncate"
  | "hang";

/**
 * Decides about a call; undefined hands it on unharmed. `forward` has the target carry it out, or another call, and gives
 * the result, so that an answer can be held back or altered.
 */
export type Mischief = (
  call: RpcCall,
  forward: (other?: RpcCall) => Promise<unknown>,
) => Promise<Answer | undefined> | Answer | undefined;

interface Reply {
  status: number;
  text: string;
}

/** An endpoint that takes JSON on 127.0.0.1, in front of another one, honest until it is told otherwise. */
export class RpcProxy {
  readonly url: string;
  /** Methods asked for, in order. */
  readonly calls: RpcCall[] = [];
  readonly #server: ReturnType<typeof createServer>;
  #mischief: Mischief | undefined;

  private constructor(server: ReturnType<typeof createServer>, target: string) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      this.#serve(request, response, target).catch(() => response.destroy());
    });
  }

  static async start(target: string): Promise<RpcProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new RpcProxy(server, target);
  }

  misbehave(mischief: Mischief): void {
    this.#mischief = mischief;
  }

  heal(): void {
    this.#mischief = undefined;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { url: path = "/" } = request;
    const body = JSON.parse(text);
    const call: RpcCall = { method: body.method ?? path, params: body.params ?? [] };
    this.calls.push(call);
    const forward = async (other?: RpcCall) => await post(new URL(path, target), { ...body, ...other });
    const result = async (other?: RpcCall) => JSON.parse((await forward(other)).text).result;

    const answer = (await this.#mischief?.(call, result)) ?? (await forward());
    if (answer === "hang") return;
    if (answer === "drop") {
      response.destroy();
    } else if (answer === "truncate") {
      const { text: whole } = await forward();
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(whole) });
      response.write(whole.slice(0, whole.length / 2), () => response.destroy());
    } else if ("status" in answer) {
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    } else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id: body.id, ...answer }));
    }
  }
}

async function post(url: URL, body: unknown): Promise<Reply> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}
