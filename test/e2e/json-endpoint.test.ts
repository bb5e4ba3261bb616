import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { JsonEndpoint } from "../../src/chains/json-endpoint.ts";

const TIMEOUT_MS = 200;

describe("JsonEndpoint", () => {
  let server: Server;
  let endpoint: JsonEndpoint;

  const serve = async (listener: RequestListener) => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    endpoint = new JsonEndpoint(`http://127.0.0.1:${port}`, TIMEOUT_MS);
  };

  const reasonOf = async (asked: Promise<unknown>) =>
    await asked.then(
      () => "answered",
      (error: Error) => error.message,
    );

  afterEach(() => {
    endpoint.close();
    server.closeAllConnections();
    server.close();
  });

  it("returns status and body of an answer, cut through a character or not", async () => {
    const answer = Buffer.from(JSON.stringify({ text: "黄浦" }));
    await serve((_, response) => {
      response.writeHead(418);
      response.write(answer.subarray(0, 11));
      setTimeout(() => response.end(answer.subarray(11)), 20);
    });
    expect(await endpoint.post({})).to.deep.equal({ status: 418, body: { text: "黄浦" } });
  });

  it("posts the body as JSON with its length in bytes", async () => {
    await serve((request, response) => {
      const { "content-type": type, "content-length": length } = request.headers;
      request.resume().on("end", () => response.end(JSON.stringify({ type, length })));
    });
    const { body } = await endpoint.post("浦");
    expect(body).to.deep.equal({ type: "application/json", length: "5" });
  });

  it("throws when no whole answer comes in time", async () => {
    await serve((_, response) => response.write("{"));
    expect(await reasonOf(endpoint.post({}))).to.equal(`No answer in ${TIMEOUT_MS} ms`);
  });

  it("throws when the answer is no JSON", async () => {
    await serve((_, response) => response.end("<html>"));
    expect(await reasonOf(endpoint.post({}))).to.contain("JSON");
  });

  it("throws when nobody listens", async () => {
    await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    expect(await reasonOf(endpoint.post({}))).to.contain("ECONNREFUSED");
  });

  it("throws when the signal aborts and when the connection is closed meanwhile", async () => {
    await serve(() => undefined);
    expect(await reasonOf(endpoint.post({}, AbortSignal.timeout(20)))).to.contain("aborted");
    const asked = reasonOf(endpoint.post({}));
    setTimeout(() => endpoint.close(), 20);
    expect(await asked).to.not.equal("answered");
  });
});
