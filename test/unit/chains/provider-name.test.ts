import { expect } from "chai";
import { providerNames, redactor } from "../../../src/chains/provider-name.ts";

describe("providerNames", () => {
  it("are host and port, without user, path and query", () => {
    const urls = ["https://user:secret@rpc.example/v3/0123456789abcdef?key=hush", "http://10.0.0.1:8545"];
    expect(providerNames(urls)).to.deep.equal(["rpc.example", "10.0.0.1:8545"]);
  });

  it("have their place where several have one host", () => {
    const urls = ["https://rpc.example/a", "https://other.example", "https://rpc.example/b", "https://rpc.example/c"];
    expect(providerNames(urls)).to.deep.equal(["rpc.example", "other.example", "rpc.example#2", "rpc.example#3"]);
  });
});

describe("redactor", () => {
  it("takes out user, password, path and query wherever they appear, encoded or not", () => {
    const redact = redactor("https://alice-1:p%40ss-word@rpc.example/v3/0123456789abcdef?key=hush-hush");
    const text = "alice-1 with p%40ss-word or p@ss-word has no access to project 0123456789abcdef, key hush-hush";
    expect(redact(text)).to.equal("… with … or … has no access to project …, key …");
  });

  it("leaves a text alone that has none of them", () => {
    expect(redactor("http://127.0.0.1:8545/rpc")("nonce too low at /rpc")).to.equal("nonce too low at /rpc");
  });

  it("does not stumble over a path that cannot be decoded", () => {
    expect(redactor("http://rpc.example/%E0%A4%A")("at %E0%A4%A")).to.equal("at …");
  });
});
