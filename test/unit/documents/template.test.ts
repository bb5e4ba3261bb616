import { expect } from "chai";
import type { JsonObject } from "../../../src/core/strict-json.ts";
import { applySetting, exampleOf } from "../../../src/documents/template.ts";
import { thrown } from "../../support/fakes/thrown.ts";

const set = (document: JsonObject, ...settings: string[]) => {
  for (const setting of settings) applySetting(document, setting);
  return document;
};

describe("applySetting", () => {
  it("takes a value as text where a text is, and as JSON elsewhere", () => {
    const document = set(
      { number: "1", flag: true, count: 4, list: ["a"] },
      "number=007",
      "flag=false",
      "count=12",
      'list=["x","y"]',
    );
    expect(document).to.deep.equal({ number: "007", flag: false, count: 12, list: ["x", "y"] });
  });

  it("sets members within others, appends to lists, and takes members out", () => {
    const document = set(
      { party: { name: "A", lei: "B" }, list: [{ n: "1" }, { n: "2" }] },
      "$.party.name=Elbe = Alster",
      "party.lei=",
      'list[2]={"n":"3"}',
      "list[0]=",
    );
    expect(document).to.deep.equal({ party: { name: "Elbe = Alster" }, list: [{ n: "2" }, { n: "3" }] });
  });

  it("reads a new member as JSON, and as text if it is none", () => {
    expect(set({}, "a=12", "b=twelve", 'c={"d":null}')).to.deep.equal({ a: 12, b: "twelve", c: { d: null } });
  });

  it("refuses what is no setting, and paths through nothing", async () => {
    for (const setting of ["name", "=value", "a..b=1", "[x]=1"])
      await thrown("PATH_INVALID", () => set({ a: "1" }, setting));
    for (const setting of ["b.c=1", "a.b=1", "list[3]=1", "list.name=1", "$=1", "[0]=1"])
      await thrown("PATH_UNKNOWN", () => set({ a: "1", list: ["x"] }, setting));
    await thrown("JSON_SYNTAX", () => set({ flag: true }, "flag=yes"));
  });

  it("changes no prototype", async () => {
    const document = set({}, '__proto__={"polluted":true}');
    expect(Object.getPrototypeOf(document)).to.equal(Object.prototype);
    await thrown("PATH_UNKNOWN", () => set({}, "__proto__.polluted=1"));
    await thrown("PATH_UNKNOWN", () => set({}, "constructor.polluted=1"));
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  it("begins with a copy of the example each time", () => {
    const first = set(exampleOf("purchase-order"), "orderNumber=OTHER");
    expect(exampleOf("purchase-order")["orderNumber"]).not.to.equal(first["orderNumber"]);
  });
});
