/** Where a value lies in a document: names of members and, from 0, places in arrays. The document itself is `[]`. */
export type JsonPath = readonly (string | number)[];

const PLAIN_NAME = /^[A-Za-z_][\w-]*$/;

/** For people: `goods[0].weight`, `["odd name"].a`; `$` for the document itself. */
export function jsonPathText(path: JsonPath): string {
  const steps = path.map((step, depth) => {
    if (typeof step === "number") return `[${step}]`;
    if (!PLAIN_NAME.test(step)) return `[${JSON.stringify(step)}]`;
    return depth === 0 ? step : `.${step}`;
  });
  return steps.join("") || "$";
}
