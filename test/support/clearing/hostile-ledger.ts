import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Point = "submit" | "fetch";

/** What stands between an agent and the central ledger. */
export interface LedgerMischief {
  /** Messages to tell in the place of those that the ledger told. */
  alter?: (messages: string[]) => string[];
  /** A statement to give in the place of the ledger's. */
  statement?: (text: string) => string;
  /** Kills the agent's connection for good: before the ledger hears of a request, or after it was carried out. */
  dieAt?: { point: Point; when: "before" | "after"; nth: number };
  /** Takes instructions and lets none reach the ledger. */
  swallow?: boolean;
}

/** The central ledger as seen through somebody who can alter, keep back and invent what it says. */
export class HostileLedger {
  readonly url: string;
  /** Instructions that reached the ledger, in order. */
  readonly submitted: string[] = [];
  dead = false;
  mischief: LedgerMischief = {};
  readonly #target: () => string;
  readonly #server: ReturnType<typeof createServer>;
  readonly #counts: Record<Point, number> = { submit: 0, fetch: 0 };

  private constructor(server: ReturnType<typeof createServer>, target: () => string) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => void this.#serve(request, response).catch(() => response.destroy()));
  }

  static async start(target: () => string): Promise<HostileLedger> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new HostileLedger(server, target);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (this.dead) return void response.destroy();
    const { method = "GET", url = "/" } = request;
    const point: Point = method === "POST" ? "submit" : "fetch";
    const { dieAt, swallow, alter, statement } = this.mischief;
    const dies = dieAt?.point === point && ++this.#counts[point] === dieAt.nth;
    if (dies && dieAt.when === "before") {
      this.dead = true;
      return void response.destroy();
    }
    if (point === "submit") {
      if (swallow === true) return void response.end("");
      this.submitted.push(body);
    }
    const headers = body === "" ? {} : { "content-type": "application/xml" };
    const answer = await fetch(new URL(url, this.#target()), { method, headers, ...(body === "" ? {} : { body }) });
    let text = await answer.text();
    if (dies) {
      this.dead = true;
      return void response.destroy();
    }
    if (point === "fetch" && alter !== undefined && url.startsWith("/messages")) {
      const page = JSON.parse(text);
      text = JSON.stringify({ ...page, messages: alter(page.messages) });
    }
    if (statement !== undefined && url.startsWith("/statements")) text = statement(text);
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(text);
  }
}
