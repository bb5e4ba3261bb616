import { expect } from "chai";
import { type BusinessMessage, buildMessage, parseMessage } from "../../../src/iso20022/business-message.ts";
import { RandomDocuments } from "../../support/fakes/random-documents.ts";
import { schemasOrSkip } from "../../support/fakes/schemas.ts";
import { SeededRandom } from "../../support/fakes/seeded-random.ts";

function messages(seed: number, count: number): BusinessMessage[] {
  const random = new SeededRandom(seed);
  const documents = new RandomDocuments(random);
  return Array.from({ length: count }, () => ({
    from: documents.agent(),
    to: documents.agent(),
    ...(random.below(2) === 0 ? { possibleDuplicate: true } : {}),
    document: documents.document(),
  }));
}

describe("ISO 20022 round trip", () => {
  it("finds the same message in the XML of every one", () => {
    const types = new Set<string>();
    for (const message of messages(1, 600)) {
      const xml = buildMessage(message);
      expect(parseMessage(xml)).to.deep.equal(message);
      types.add(message.document.type);
    }
    expect(types.size).to.equal(6);
  });

  it("finds the same message after white space came between its elements", () => {
    for (const message of messages(2, 100)) {
      const spread = buildMessage(message).replace(/></g, ">\r\n\t <");
      expect(parseMessage(spread)).to.deep.equal(message);
    }
  });

  it("builds nothing that the genuine schemas refuse", function () {
    const schemas = schemasOrSkip(this);
    try {
      for (const message of messages(3, 600))
        expect(parseMessage(buildMessage(message, schemas))).to.deep.equal(message);
    } finally {
      schemas.dispose();
    }
  });
});
