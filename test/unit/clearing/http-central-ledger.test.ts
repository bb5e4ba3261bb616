import { expect } from "chai";
import { HttpCentralLedger } from "../../../src/clearing/http-central-ledger.ts";
import { MAX_MESSAGE_BYTES } from "../../../src/iso20022/xml.ts";
import { closedUrl, type FakeServer, type Responder, serve } from "../../support/fakes/http-server.ts";
import { thrown } from "../../support/fakes/thrown.ts";

describe("HttpCentralLedger", () => {
  let server: FakeServer | undefined;
  let ledger: HttpCentralLedger | undefined;
  let asked: { method: string; url: string; type: string | undefined; body: string }[];

  const connect = (url: string, changes: { timeoutMs?: number; attempts?: number; pauseMs?: number } = {}) => {
    ledger = new HttpCentralLedger({ url, timeoutMs: 5_000, attempts: 3, pauseMs: 1, ...changes });
    return ledger;
  };
  const answering = async (respond: Responder, changes = {}) => {
    server = await serve((body, request) => {
      const { method = "", url = "", headers } = request;
      asked.push({ method, url, type: headers["content-type"], body });
      return respond(body, request);
    });
    return connect(`${server.url}/base`, changes);
  };

  beforeEach(() => {
    asked = [];
  });
  afterEach(async () => {
    ledger?.close();
    await server?.close();
    server = undefined;
  });

  it("sends a message as it is and returns what answers it", async () => {
    const ledger = await answering(() => ({ body: "<answer>元</answer>" }));
    expect(await ledger.submit("<message>元</message>")).to.equal("<answer>元</answer>");
    expect(asked).to.deep.equal([
      { method: "POST", url: "/base/messages", type: "application/xml", body: "<message>元</message>" },
    ]);
  });

  it("takes an empty answer for one that comes later", async () => {
    expect(await (await answering(() => ({ status: 202, body: "" }))).submit("<m/>")).to.equal("");
  });

  it("follows a cursor that it knows nothing of", async () => {
    const page = { cursor: "a/b?c=d&e", messages: ["<one/>", "<two/>"] };
    const ledger = await answering(() => ({ body: page }));
    expect(await ledger.fetch("")).to.deep.equal(page);
    await ledger.fetch("a/b?c=d&e");
    expect(asked.map(({ url }) => url)).to.deep.equal([
      "/base/messages?after=",
      "/base/messages?after=a%2Fb%3Fc%3Dd%26e",
    ]);
  });

  it("asks for one account and one day", async () => {
    const ledger = await answering(() => ({ body: "<statement/>" }));
    expect(await ledger.statement("A/../B", "2026-11-22")).to.equal("<statement/>");
    expect(asked[0]?.url).to.equal("/base/statements/A%2F..%2FB/2026-11-22");
  });

  it("asks again while the ledger has a trouble of its own", async () => {
    const statuses = [500, 429, 200];
    const ledger = await answering(() => ({ status: statuses[asked.length - 1] ?? 200, body: "<answer/>" }));
    expect(await ledger.submit("<message/>")).to.equal("<answer/>");
    expect(asked.map(({ body }) => body)).to.deep.equal(["<message/>", "<message/>", "<message/>"]);
  });

  it("gives up after as many attempts as it has", async () => {
    const ledger = await answering(() => ({ status: 503, body: "closed" }));
    const error = await thrown("LEDGER_UNAVAILABLE", ledger.submit("<message/>"));
    expect(error.fields).to.deep.include({ attempts: 3, status: 503, answer: "closed" });
    expect([asked.length, error.retryable]).to.deep.equal([3, true]);
  });

  it("does not repeat what was refused", async () => {
    const ledger = await answering(() => ({ status: 422, body: { code: "ISO_VALUE", message: "no".repeat(500) } }));
    const error = await thrown("LEDGER_REFUSED", ledger.submit("<message/>"));
    expect([asked.length, error.retryable]).to.deep.equal([1, false]);
    expect(error.message.length).to.be.lessThan(500);
  });

  it("does not go where it is sent", async () => {
    const ledger = await answering(() => ({ status: 307, headers: { location: "http://127.0.0.1:1/" }, body: "" }));
    await thrown("LEDGER_REFUSED", ledger.submit("<message/>"));
    expect(asked).to.have.length(1);
  });

  it("does not wait for an answer that never comes, nor for one that never ends", async () => {
    const ledger = await answering(() => undefined, { timeoutMs: 30, attempts: 2 });
    await thrown("LEDGER_UNAVAILABLE", ledger.fetch(""));
    expect(asked).to.have.length(2);
  });

  it("knows when nobody is there", async () => {
    await thrown("LEDGER_UNAVAILABLE", connect(await closedUrl()).fetch(""));
  });

  it("reads no more than an answer can have", async () => {
    const ledger = await answering(() => ({ body: "x".repeat(MAX_MESSAGE_BYTES + 1) }), { attempts: 1 });
    const error = await thrown("LEDGER_UNAVAILABLE", ledger.submit("<message/>"));
    expect(error.message).to.include(`${MAX_MESSAGE_BYTES} bytes`);
  });

  for (const body of [
    "",
    "<html/>",
    [],
    {},
    { cursor: 3, messages: [] },
    { cursor: "1", messages: [1] },
    { cursor: "\n", messages: [] },
  ]) {
    it(`takes ${JSON.stringify(body)} for no page`, async () => {
      await thrown("LEDGER_REFUSED", (await answering(() => ({ body }))).fetch(""));
    });
  }

  it("abandons what is asked when it is closed", async () => {
    const waiting = await answering(() => undefined, { attempts: 5, pauseMs: 60_000 });
    const result = thrown("LEDGER_UNAVAILABLE", waiting.submit("<message/>"));
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    waiting.close();
    await result;
    expect(asked).to.have.length(1);
  });
});
