import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { HuangpuError } from "../core/errors.ts";

export interface JsonAnswer {
  status: number;
  body: unknown;
}

interface RawAnswer {
  status: number;
  text: string;
  retryAfter: string | undefined;
}

const TOO_MANY_REQUESTS = 429;

/**
 * A URL that takes JSON and answers with JSON, over connections that are kept. Not by `fetch`: what that leaves behind of
 * each request is collected so seldom that a busy relayer grows by half.
 */
export class JsonEndpoint {
  readonly #url: URL;
  readonly #timeoutMs: number;
  readonly #longestAnswer: number;
  readonly #request: typeof requestHttp;
  readonly #agent: HttpAgent;

  /** @param longestAnswer In characters; what is longer is refused, so that nobody can fill the memory. */
  constructor(url: string | URL, timeoutMs: number, longestAnswer = Number.POSITIVE_INFINITY) {
    this.#url = new URL(url);
    this.#timeoutMs = timeoutMs;
    this.#longestAnswer = longestAnswer;
    const secure = this.#url.protocol === "https:";
    this.#request = secure ? requestHttps : requestHttp;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /**
   * @throws HuangpuError RPC_RATE_LIMITED when told to ask less often (`fields.retryAfterMs` has for how long, if it was
   * said); Error when there is no answer in time, or none that is JSON, or the signal aborts.
   */
  async post(body: unknown, signal?: AbortSignal): Promise<JsonAnswer> {
    const content = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(content) };
    const options = { method: "POST", headers, agent: this.#agent, ...(signal === undefined ? {} : { signal }) };
    const { status, text, retryAfter } = await new Promise<RawAnswer>((resolve, reject) => {
      const request = this.#request(this.#url, options, (response) => {
        const status = response.statusCode ?? 0;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
          if (text.length <= this.#longestAnswer) return;
          request.destroy(new Error(`Answered more than ${this.#longestAnswer} characters`));
        });
        response.on("end", () => resolve({ status, text, retryAfter: response.headers["retry-after"] }));
        response.on("error", reject);
      });
      const late = () => request.destroy(new Error(`No answer in ${this.#timeoutMs} ms`));
      const timer = setTimeout(late, this.#timeoutMs);
      request.on("error", reject);
      request.on("close", () => clearTimeout(timer));
      request.end(content);
    });
    if (status === TOO_MANY_REQUESTS) {
      throw new HuangpuError("RPC_RATE_LIMITED", "Asked too often", {
        fields: { retryAfterMs: retryAfterMs(retryAfter, Date.now()) },
      });
    }
    return { status, body: JSON.parse(text) };
  }

  /** Closes the connections and abandons what is asked at the moment. */
  close(): void {
    this.#agent.destroy();
  }
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or a date (RFC 9110, section 10.2.3). Undefined when it
 * says neither.
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
