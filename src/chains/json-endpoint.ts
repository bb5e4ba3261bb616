import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

export interface JsonAnswer {
  status: number;
  body: unknown;
}

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

  /** @throws Error when there is no answer in time, or none that is JSON, or the signal aborts. */
  async post(body: unknown, signal?: AbortSignal): Promise<JsonAnswer> {
    const content = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(content) };
    const options = { method: "POST", headers, agent: this.#agent, ...(signal === undefined ? {} : { signal }) };
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = this.#request(this.#url, options, (response) => {
        const status = response.statusCode ?? 0;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => {
          text += part;
          if (text.length <= this.#longestAnswer) return;
          request.destroy(new Error(`Answered more than ${this.#longestAnswer} characters`));
        });
        response.on("end", () => resolve({ status, text }));
        response.on("error", reject);
      });
      const late = () => request.destroy(new Error(`No answer in ${this.#timeoutMs} ms`));
      const timer = setTimeout(late, this.#timeoutMs);
      request.on("error", reject);
      request.on("close", () => clearTimeout(timer));
      request.end(content);
    });
    return { status, body: JSON.parse(text) };
  }

  /** Closes the connections and abandons what is asked at the moment. */
  close(): void {
    this.#agent.destroy();
  }
}
