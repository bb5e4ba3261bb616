import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface RpcCall {
  method: string;
  params: unknown[];
}

/** What a proxy does with a call: answer it, answer what is no JSON-RPC, break the connection, or say nothing at all. */
export type Answer =
  | { result: unknown }
  | { error: { code: number; message: string } }
  | { status: number; text: string }
  | "drop"
  | "hang";

/**
 * Decides about a call; undefined hands it on unharmed. `forward` has the chain carry it out and gives the result, so
 * that an answer can be held back or altered.
 */
export type Mischief = (
  call: RpcCall,
  forward: () => Promise<unknown>,
) => Promise<Answer | undefined> | Answer | undefined;

/** A JSON-RPC endpoint on 127.0.0.1 in front of another one, honest until it is told otherwise. */
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
    const { id, method, params } = JSON.parse(text) as RpcCall & { id: number };
    this.calls.push({ method, params });
    const forward = async () => (await post(target, { id, method, params })) as { result?: unknown };

    const answer = await Promise.resolve(this.#mischief?.({ method, params }, async () => (await forward()).result));
    if (answer === "hang") return;
    if (answer === "drop") {
      response.destroy();
    } else if (answer !== undefined && "status" in answer) {
      response.writeHead(answer.status).end(answer.text);
    } else {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(answer === undefined ? await forward() : { jsonrpc: "2.0", id, ...answer }));
    }
  }
}

async function post(url: string, { id, method, params }: RpcCall & { id: number }): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params }),
  });
  return await response.json();
}
