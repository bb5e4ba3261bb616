import type { z } from "zod";
import { fromMillionths, isProduct, millionths } from "../../core/decimal.ts";

type Path = readonly (string | number)[];

/** Tells a schema's refinement what does not add up, where. */
export type Report = (path: Path, message: string) => void;

/** A schema with rules between its members, which are looked at once each member is sound for itself. */
export function withRules<S extends z.ZodType>(schema: S, rules: (data: z.output<S>, report: Report) => void): S {
  return schema.check((payload) => {
    if (payload.issues.length > 0) return;
    const { value, issues } = payload;
    rules(value, (path, message) => issues.push({ code: "custom", input: value, path: [...path], message }));
  });
}

/** Decimal texts added up, in millionths; what is left out counts as nothing. */
export function sum(texts: readonly (string | undefined)[]): bigint {
  return texts.reduce((total, text) => total + millionths(text ?? "0"), 0n);
}

/** Reports a stated total that is not what its parts come to. `parts` says what they are: "the lines' net amounts". */
export function mustEqual(report: Report, path: Path, stated: string, actual: bigint, parts: string): void {
  if (millionths(stated) === actual) return;
  report(path, `does not add up: ${parts} come to ${fromMillionths(actual)}`);
}

interface Priced {
  lineNumber: number;
  quantity: { value: string };
  unitPrice: string;
  netAmount: string;
}

/** Reports lines that are not quantity times price, or numbered twice. */
export function checkPricedLines(report: Report, lines: readonly Priced[]): void {
  checkUnique(
    report,
    lines.map(({ lineNumber }) => lineNumber),
    (index) => ["lines", index, "lineNumber"],
  );
  for (const [index, { netAmount, unitPrice, quantity }] of lines.entries()) {
    if (isProduct(netAmount, quantity.value, unitPrice)) continue;
    report(["lines", index, "netAmount"], `does not add up: it must be ${quantity.value} times ${unitPrice}, rounded`);
  }
}

/** Reports each value that was there before. */
export function checkUnique(report: Report, values: readonly unknown[], pathOf: (index: number) => Path): void {
  const before = new Set<unknown>();
  for (const [index, value] of values.entries()) {
    if (before.has(value)) report(pathOf(index), "is there twice: number them differently");
    before.add(value);
  }
}

interface Measured {
  value: string;
  unit: string;
}

/** Reports a stated total of measures that differs from its parts, or is not in the unit of each of them. */
export function mustMeasure(
  report: Report,
  path: Path,
  stated: Measured,
  parts: readonly Measured[],
  named: string,
): void {
  if (parts.some(({ unit }) => unit !== stated.unit)) {
    report([...path, "unit"], `must be the unit of ${named}: state all of them in one unit`);
    return;
  }
  const actual = sum(parts.map(({ value }) => value));
  mustEqual(report, [...path, "value"], stated.value, actual, named);
}
