import { HuangpuError } from "../../../src/core/errors.ts";

export interface RpcClientOptions {
  url: string;
  timeoutMs: number;
  /** For an RPC that wants one; sent as `Authorization: Bearer`. */
  token?: string;
}

/** Far above any header or proof, far below what would fill the memory. */
const LONGEST_ANSWER = 4_000_000;

/** Asks one node. What comes back is anything that fits into JSON, until somebody has looked at it. */
export class RpcClient {
  readonly url: string;
  readonly #timeoutMs: number;
  readonly #headers: Record<string, string>;
  #requests = 0;

  constructor({ url, timeoutMs, token }: RpcClientOptions) {
    this.url = url;
    this.#timeoutMs = timeoutMs;
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#headers = { "content-type": "application/json", ...authorization };
  }

  /** @throws HuangpuError RPC_UNAVAILABLE when there is no proper answer, RPC_REJECTED when the answer is an error. */
  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    const id = ++this.#requests;
    const answer = await this.#post({ jsonrpc: "2.0", id, method, params }).catch((cause: unknown) => {
      throw new HuangpuError("RPC_UNAVAILABLE", `${method}: ${reasonOf(cause)}`, { cause });
    });
    if (!isRecord(answer) || answer["id"] !== id) {
      throw new HuangpuError("RPC_UNAVAILABLE", `${method}: the answer is no JSON-RPC`);
    }
    const error = answer["error"];
    if (error !== undefined && error !== null) {
      const message = isRecord(error) && typeof error["message"] === "string" ? error["message"] : "no reason given";
      throw new HuangpuError("RPC_REJECTED", `${method} was refused: ${message.slice(0, 200)}`);
    }
    return answer["result"];
  }

  async #post(body: unknown): Promise<unknown> {
    const response = await fetch(this.url, {
      method: "POST",
      headers: this.#headers,
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    const text = await readAtMost(response, LONGEST_ANSWER);
    if (response.status === 401 || response.status === 403) throw new Error(`HTTP ${response.status}: wants a token`);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`HTTP ${response.status} with something that is not JSON`);
    }
  }
}

async function readAtMost(response: Response, longest: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > longest) throw new Error(`answered more than ${longest} characters`);
  }
  return text;
}

/** What `fetch` hides in the cause is what an operator needs. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
