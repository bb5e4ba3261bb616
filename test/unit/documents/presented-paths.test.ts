import { expect } from "chai";
import type { ErrorCode } from "../../../src/core/errors.ts";
import { requirePresented } from "../../../src/documents/presentation.ts";
import { type ForgedField, forgePresentation } from "../../support/documents/reference-presentation.ts";
import { codeOf } from "../../support/fakes/error-of.ts";

function withForged(fields: readonly ForgedField[]): ErrorCode {
  return codeOf(() => requirePresented(forgePresentation(fields)));
}

describe("a presentation of a tree that is no document's is refused with", () => {
  it("nothing, while its fields could be a document's", () => {
    const fields: ForgedField[] = [undefined, [["a", 1, "b"], 1], [["a", 2], []], undefined, [["b"], "x"], undefined];
    expect(requirePresented(forgePresentation(fields))).to.have.property("fields", 6);
  });

  for (const [name, fields, code] of [
    [
      "two values under one path",
      [
        [["a"], 1],
        [["a"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    ["two values under one path with others between", [[["a"], 1], undefined, [["a"], 2]], "PRESENTATION_PATHS"],
    [
      "a value that is an object too",
      [
        [["a"], 1],
        [["a", "b"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "a value that is an array too",
      [
        [["a", "b"], 1],
        [["a"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "an empty object with members",
      [
        [["a"], {}],
        [["a", "b"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "an array that is an object too",
      [
        [["a", 0], 1],
        [["a", "b"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "an object that is an array too",
      [
        [["a", "0"], 1],
        [["a", 1], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "names out of order",
      [
        [["b"], 1],
        [["a"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "names in the order of code points",
      [
        [["\ufb33"], 1],
        [["\u{1f600}"], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "items out of order",
      [
        [["a", 1], 1],
        [["a", 0], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    ["an array that does not begin", [[["a", 1], 1]], "PRESENTATION_PATHS"],
    [
      "an array with a gap",
      [
        [["a", 0], 1],
        [["a", 2], 2],
      ],
      "PRESENTATION_PATHS",
    ],
    [
      "an array whose gap is too large for what is hidden",
      [[["a", 0], 1], undefined, [["a", 3], 2]],
      "PRESENTATION_PATHS",
    ],
    ["a nested array that does not begin", [[["a"], 1], undefined, [["b", 2, "c", 1], 2]], "PRESENTATION_PATHS"],
    ["a hidden field between neighbours in an array", [[["a", 0], 1], undefined, [["a", 1], 2]], "PRESENTATION_PATHS"],
    ["a hidden field before the first item", [[["a", 0], 1], undefined, [["a", 1, 0], 2]], "PRESENTATION_PATHS"],
    ["a hidden field between neighbouring names", [[["a"], 1], undefined, [["a\0"], 2]], "PRESENTATION_PATHS"],
    ["a hidden field before the first name", [undefined, [[""], 2]], "PRESENTATION_PATHS"],
  ] as [string, ForgedField[], ErrorCode][]) {
    it(name, () => {
      expect(withForged(fields)).to.equal(code);
    });
  }

  for (const [name, fields] of [
    ["inside an array's item", [[["a", 0, "x"], 1], undefined, [["a", 1], 2]]],
    ["inside the next item", [[["a", 0], 1], undefined, [["a", 1, "x"], 2]]],
    ["as an item between", [[["a", 0], 1], undefined, [["a", 2], 2]]],
    ["as many in an item between", [[["a", 0], 1], undefined, undefined, [["a", 2], 2]]],
    ["between two names", [[["a"], 1], undefined, [["b"], 2]]],
    ["before a name in an item", [[["a", 0], 1], undefined, [["a", 1, "b"], 2]]],
    ["at the end", [[["a", 0], 1], undefined, undefined]],
    ["at the beginning", [undefined, [["a"], 1]]],
  ] as [string, ForgedField[]][]) {
    it(`but not with hidden fields ${name}`, () => {
      expect(requirePresented(forgePresentation(fields))).to.have.property("fields", fields.length);
    });
  }
});
