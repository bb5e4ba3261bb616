import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { HuangpuError } from "../core/errors.ts";
import { MAX_MESSAGE_BYTES, MAX_STATEMENT_BYTES } from "../iso20022/xml.ts";
import type { CentralLedger } from "./central-ledger.ts";

export interface HttpCentralLedgerOptions {
  /** Base URL of the ledger, http or https. */
  url: string;
  /** For each attempt. */
  timeoutMs: number;
  /** How often a request is sent when no answer comes; all three of them can be repeated without harm. */
  attempts: number;
  /** Before the second attempt; twice that before the third, and so on. */
  pauseMs: number;
}

interface Request {
  method: "GET" | "POST";
  path: string;
  body?: string;
  longestAnswer: number;
}

const LONGEST_PAGE = 16 * MAX_MESSAGE_BYTES;
const LONGEST_REASON = 300;

const pageSchema = z.strictObject({
  cursor: z.string().regex(/^[\x21-\x7e]{0,200}$/),
  messages: z.array(z.string()).max(1_000),
});

/** A central ledger behind HTTP: `POST /messages`, `GET /messages?after=`, `GET /statements/<account>/<date>`. */
export class HttpCentralLedger implements CentralLedger {
  readonly #options: HttpCentralLedgerOptions;
  readonly #base: URL;
  readonly #request: typeof requestHttp;
  readonly #agent: HttpAgent;
  readonly #closed = new AbortController();

  constructor(options: HttpCentralLedgerOptions) {
    this.#options = options;
    this.#base = new URL(options.url.endsWith("/") ? options.url : `${options.url}/`);
    const secure = this.#base.protocol === "https:";
    this.#request = secure ? requestHttps : requestHttp;
    this.#agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  async submit(message: string): Promise<string> {
    return await this.#ask({ method: "POST", path: "messages", body: message, longestAnswer: MAX_MESSAGE_BYTES });
  }

  async fetch(after: string): Promise<{ cursor: string; messages: string[] }> {
    const path = `messages?after=${encodeURIComponent(after)}`;
    const text = await this.#ask({ method: "GET", path, longestAnswer: LONGEST_PAGE });
    const page = pageSchema.safeParse(parseJson(text));
    if (page.success) return page.data;
    throw new HuangpuError("LEDGER_REFUSED", "The ledger answered no page of messages", { cause: page.error });
  }

  async statement(account: string, date: string): Promise<string> {
    const path = `statements/${encodeURIComponent(account)}/${encodeURIComponent(date)}`;
    return await this.#ask({ method: "GET", path, longestAnswer: MAX_STATEMENT_BYTES });
  }

  /** Closes the connections and abandons what is asked at the moment. */
  close(): void {
    this.#closed.abort();
    this.#agent.destroy();
  }

  async #ask(request: Request): Promise<string> {
    const { attempts, pauseMs } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#askOnce(request);
      } catch (caught) {
        const isOurs = caught instanceof HuangpuError;
        if (isOurs && !caught.retryable) throw caught;
        if (attempt >= attempts || this.#closed.signal.aborted) {
          const reason = caught instanceof Error ? caught.message : String(caught);
          const fields = { attempts: attempt, ...(isOurs ? caught.fields : {}) };
          throw new HuangpuError("LEDGER_UNAVAILABLE", `The ledger gave no answer: ${reason}`, {
            cause: caught,
            fields,
          });
        }
      }
      await pause(pauseMs * 2 ** (attempt - 1), undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }

  async #askOnce(request: Request): Promise<string> {
    const { status, text } = await this.#send(request);
    if (status >= 200 && status < 300) return text;
    const fields = { status, answer: text.slice(0, LONGEST_REASON) };
    if (status >= 500 || status === 408 || status === 429) {
      throw new HuangpuError("LEDGER_UNAVAILABLE", `status ${status}`, { fields });
    }
    throw new HuangpuError("LEDGER_REFUSED", `The ledger refused a request with ${status}: ${fields.answer}`, {
      fields,
    });
  }

  async #send({ method, path, body = "", longestAnswer }: Request): Promise<{ status: number; text: string }> {
    const headers = body === "" ? {} : { "content-type": "application/xml", "content-length": Buffer.byteLength(body) };
    const options = { method, headers, agent: this.#agent, signal: this.#closed.signal };
    return await new Promise((resolve, reject) => {
      const request = this.#request(new URL(path, this.#base), options, (response) => {
        const parts: Buffer[] = [];
        let length = 0;
        response.on("data", (part: Buffer) => {
          parts.push(part);
          length += part.length;
          if (length > longestAnswer) request.destroy(new Error(`Answered more than ${longestAnswer} bytes`));
        });
        response.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          resolve({ status: response.statusCode ?? 0, text });
        });
        response.on("error", reject);
      });
      const { timeoutMs } = this.#options;
      const timer = setTimeout(() => request.destroy(new Error(`No answer in ${timeoutMs} ms`)), timeoutMs);
      request.on("error", reject);
      request.on("close", () => clearTimeout(timer));
      request.end(body);
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
