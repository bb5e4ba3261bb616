import { expect } from "chai";
import { endpointsOf } from "../../../../deploy/besu/doctor/endpoints.ts";
import { network, set } from "../../../support/besu/networks.ts";
import { thrown } from "../../../support/fakes/thrown.ts";

const production = network("production");
const urlsOf = (given = production, reach: Partial<Parameters<typeof endpointsOf>[1]> = {}) =>
  new Map(
    endpointsOf(given, { urls: new Map(), ...reach }).map(({ node, url }) => [`${node.chain}/${node.host}`, url]),
  );
const asked = (urls: ReadonlyMap<string, string | undefined>) => [...urls].filter(([, url]) => url !== undefined);

describe("endpointsOf", () => {
  it("asks what is beyond loopback, or one host's own", () => {
    expect(asked(urlsOf())).to.deep.equal([
      ["trade/bank-b-rpc", "http://10.2.0.31:8545"],
      ["finance/bank-b-rpc", "http://10.2.0.31:8546"],
    ]);
    expect(asked(urlsOf(production, { on: "bank-a-rpc" }))).to.deep.equal([
      ["trade/bank-a-rpc", "http://127.0.0.1:8545"],
      ["finance/bank-a-rpc", "http://127.0.0.1:8546"],
    ]);
  });

  it("calls a host by its address when it listens on all", () => {
    const given = network("production", set("bank-b-rpc.trade.rpc.host", "0.0.0.0"));
    expect(urlsOf(given).get("trade/bank-b-rpc")).to.equal("http://10.2.0.31:8545");
  });

  it("asks all of a trial's on this machine, unless one is chosen", () => {
    expect(asked(urlsOf(network("trial")))).to.have.length(10);
    expect(asked(urlsOf(network("trial"), { on: "trade-rpc" }))).to.have.length(1);
  });

  it("takes tunnels and proxies, and then nobody else beside the own host", () => {
    const urls = new Map([
      ["trade/bank-a-validator", "http://127.0.0.1:18545"],
      ["trade/bank-b-rpc", "https://rpc.bank-b.example"],
    ]);
    expect(asked(urlsOf(production, { urls }))).to.have.deep.members([...urls]);
    const own = ["trade/bank-a-rpc", "http://127.0.0.1:8545"];
    expect(asked(urlsOf(production, { urls, on: "bank-a-rpc" })))
      .to.deep.include(own)
      .and.to.have.length(4);
  });

  it("refuses hosts and nodes that the network does not have", async () => {
    await thrown("CONFIG_INVALID", () => urlsOf(production, { on: "bank-z" }));
    await thrown("CONFIG_INVALID", () => urlsOf(production, { urls: new Map([["trade/bank-z", "http://127.0.0.1"]]) }));
  });
});
