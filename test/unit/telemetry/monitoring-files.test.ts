import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { PROVIDER_STATES } from "../../../src/chains/provider-events.ts";
import { ClearingMetrics } from "../../../src/telemetry/clearing-metrics.ts";
import { Metrics } from "../../../src/telemetry/metrics.ts";

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string };
}

interface Panel {
  id: number;
  type: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { expr: string }[];
  fieldConfig?: { defaults: { unit: string } };
}

interface Described {
  name: string;
  type: string;
  labelNames: string[];
}

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const { registry } = new Metrics({ role: "all", version: "0", chains: new Map(), directions: [], now: Date.now });
new ClearingMetrics(registry);
const metrics = (registry.getMetricsAsArray() as unknown as Described[]).map(({ name, type, labelNames }) => ({
  name,
  type: String(type),
  labels: [...(labelNames ?? [])],
}));
const ofProcess = (name: string) => /^huangpu_(process|nodejs)_/.test(name);
const own = metrics.filter(({ name }) => !ofProcess(name));

const documented = [
  ...read("docs/monitoring.md").matchAll(/^\| `(huangpu_\w+)` \| (\w+) \| ([\w, ]+) \| (.+) \|$/gm),
].map(([, name = "", type = "", labels = "", meaning = ""]) => ({ name, type, labels: labels.split(", "), meaning }));
const dashboard: { panels: Panel[]; templating: { list: { query: string }[] } } = JSON.parse(
  read("deploy/monitoring/grafana-dashboard.json"),
);
const rules = (parse(read("deploy/monitoring/alerts.yaml")) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const expressions = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboard.panels.flatMap(({ id, targets = [] }) => targets.map(({ expr }) => ({ where: `panel ${id}`, expr }))),
  ...dashboard.templating.list.map(({ query }) => ({ where: "variable", expr: query })),
];

/** Values that a label can have, where it has a fixed set of them. */
const VALUES: Record<string, readonly string[]> = {
  state: PROVIDER_STATES,
  reason: ["sourceReorganised", "destinationReorganised", "feeCeiling", "proofWindow"],
  code: [...read("src/core/errors.ts").matchAll(/^ {2}([A-Z_]+): \{/gm)].map(([, code = ""]) => code),
};

/** A metric's name without what a histogram puts after it. */
function familyOf(series: string): (typeof metrics)[number] | undefined {
  const base = series.replace(/_(?:bucket|sum|count)$/, "");
  return (
    metrics.find(({ name }) => name === series) ??
    metrics.find(({ name, type }) => name === base && type === "histogram")
  );
}

describe("docs/monitoring.md", () => {
  it("has every metric with its type and labels, and none that does not exist", () => {
    const sorted = <T extends { name: string }>(items: T[]) => items.toSorted((a, b) => a.name.localeCompare(b.name));
    expect(sorted(documented.map(({ name, type, labels }) => ({ name, type, labels })))).to.deep.equal(sorted(own));
  });

  it("has what is measured of the process", () => {
    const text = read("docs/monitoring.md");
    for (const { name } of metrics.filter((metric) => ofProcess(metric.name))) {
      const short = name.replace("huangpu_", "");
      const whole = short
        .replace(/_(min|max|mean|stddev|p50|p90|p99)(?=_seconds$)/, "")
        .replace(/(active_\w+)_total$/, "$1");
      expect(text, name).to.match(new RegExp(`\`${whole}\`|\`${short}\``));
    }
  });

  it("has every alert with its severity, and none that does not exist", () => {
    const text = read("docs/monitoring.md");
    const listed = [...text.matchAll(/^\| `(Huangpu\w+)` \| (\w+) \|/gm)].map(([, alert, severity]) => [
      alert,
      severity,
    ]);
    expect(listed).to.have.deep.members(rules.map(({ alert, labels }) => [alert, labels.severity]));
  });

  it("names a unit in every metric that has one", () => {
    for (const { name, type } of own) {
      if (type === "counter") expect(name).to.match(/_total$/);
      else expect(name).to.match(/_(seconds|bytes|blocks|wei|messages|info|state|halted|overdue)$/);
    }
  });
});

describe("the dashboard and the alerts", () => {
  for (const { where, expr } of expressions.filter(({ where: place }) => place !== "variable")) {
    it(`ask for what exists: ${where}, ${expr}`, () => {
      const selectors = [...expr.matchAll(/(huangpu_\w+)(?:\{([^}]*)\})?/g)];
      expect(selectors, "metrics").to.not.deep.equal([]);
      for (const [, series = "", matchers = ""] of selectors) {
        const family = familyOf(series);
        expect(family, series).to.not.equal(undefined);
        if (family?.type === "histogram") expect(series).to.match(/_(bucket|sum|count)$/);
        for (const [, label = "", operator = "", value = ""] of matchers.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)) {
          if (label === "instance") continue;
          expect(family?.labels, `${series}{${label}}`).to.include(label);
          const values = operator.includes("~") ? value.split("|") : [value];
          expect(VALUES[label] ?? values, `${label}="${value}"`).to.include.members(values);
        }
        for (const [, by = ""] of expr.matchAll(/by \(([^)]*)\)/g)) {
          const labels = by.split(", ").filter((label) => label !== "le" && label !== "instance");
          expect(family?.labels, `by (${by})`).to.include.members(labels);
        }
      }
    });
  }

  it("balance their brackets", () => {
    for (const { where, expr } of expressions) {
      for (const [open = "", close = ""] of ["()", "{}", "[]"].map((pair) => pair.split(""))) {
        expect(expr.split(open).length, `${where}: ${expr}`).to.equal(expr.split(close).length);
      }
    }
  });

  it("show every metric of our own somewhere", () => {
    const asked = expressions.flatMap(({ expr }) =>
      [...expr.matchAll(/huangpu_\w+/g)].map(([series]) => familyOf(series)?.name),
    );
    for (const { name } of own) expect(asked).to.include(name);
  });

  it("place panels with an id and a unit of their own, side by side", () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    const taken = new Set<string>();
    for (const { id, type, gridPos, fieldConfig } of dashboard.panels) {
      if (type !== "row") expect(fieldConfig?.defaults.unit, `panel ${id}`).to.be.a("string");
      expect(gridPos.x + gridPos.w).to.be.at.most(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), `panel ${id}`).to.equal(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it("wake nobody twice for one thing, and say what it is", () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).to.equal(rules.length);
    for (const { alert, labels, annotations } of rules) {
      expect(["critical", "warning"], alert).to.include(labels.severity);
      expect(annotations.summary, alert).to.not.equal("");
    }
  });
});
