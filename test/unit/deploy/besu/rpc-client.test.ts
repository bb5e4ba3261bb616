import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { RpcClient } from "../../../../deploy/besu/doctor/rpc-client.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

describe("RpcClient", () => {
  it("follows nobody elsewhere, least of all with a token", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      const client = new RpcClient({ url, timeoutMs: 5_000, token: "secret" });
      await thrown("RPC_UNAVAILABLE", client.request("eth_chainId", []));
      expect(asked).to.deep.equal(["/"]);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
