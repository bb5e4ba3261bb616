import { type Hex, keccakText } from "../../../src/core/hex.ts";
import { type Answer, type FakeServer, serve } from "./http-server.ts";

export interface AskedRpc {
  id: number;
  method: string;
  params: unknown[];
}

/** An answer to one request in place of the usual one; "hang" for none at all, undefined for the usual one. */
export type Quirk = (request: AskedRpc) => Answer | "hang" | undefined;

/** A node behind HTTP with a chain of empty blocks, that does what it is told. */
export class FakeNode {
  chainId = 7101;
  head = 100;
  /** Nodes of one fork have the same hashes. */
  fork = "main";
  /** What every contract says. */
  said: Hex = "0x01";
  logs: object[] = [];
  quirk: Quirk = () => undefined;
  /** Methods asked for, in order. */
  readonly asked: string[] = [];
  readonly #server: FakeServer;

  private constructor(server: FakeServer) {
    this.#server = server;
  }

  static async start(): Promise<FakeNode> {
    const started: { node?: FakeNode } = {};
    const server = await serve((body) => started.node?.answer(JSON.parse(body) as AskedRpc));
    started.node = new FakeNode(server);
    return started.node;
  }

  get url(): string {
    return this.#server.url;
  }

  /** As logs and metrics call it. */
  get name(): string {
    return new URL(this.url).host;
  }

  answer(request: AskedRpc): Answer | undefined {
    this.asked.push(request.method);
    const quirk = this.quirk(request);
    if (quirk === "hang") return undefined;
    return quirk ?? result(request, this.#result(request));
  }

  hashOf(number: number): Hex {
    return keccakText(`${this.fork} ${number}`);
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  #result({ method, params }: AskedRpc): unknown {
    switch (method) {
      case "eth_chainId":
        return `0x${this.chainId.toString(16)}`;
      case "eth_blockNumber":
        return `0x${this.head.toString(16)}`;
      case "eth_getBlockByNumber": {
        const number = Number(params[0]);
        return number > this.head ? null : { number: params[0], hash: this.hashOf(number) };
      }
      case "eth_getLogs":
        return this.logs;
      default:
        return this.said;
    }
  }
}

export const result = ({ id }: AskedRpc, value: unknown): Answer => ({ body: { jsonrpc: "2.0", id, result: value } });

export const refusal = ({ id }: AskedRpc, error: object, status = 200): Answer => ({
  status,
  body: { jsonrpc: "2.0", id, error },
});

export const on =
  (method: string, quirk: Quirk): Quirk =>
  (request) =>
    request.method === method ? quirk(request) : undefined;
