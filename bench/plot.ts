export interface Axis {
  /** With its unit. */
  label: string;
  scale: "linear" | "log";
  /** Ascending; the first and the last one bound the axis. */
  ticks: readonly number[];
}

export interface Series {
  name: string;
  dashed: boolean;
  points: readonly (readonly [x: number, y: number])[];
}

export interface Plot {
  title: string;
  x: Axis;
  y: Axis;
  series: readonly Series[];
}

const WIDTH = 720;
const HEIGHT = 400;
const BOX = { left: 86, right: WIDTH - 36, top: 66, bottom: HEIGHT - 58 };
/** Of middling lightness, so that they can be told from a white page as well as from a black one. */
const COLOURS = ["#2f81f7", "#d9822b", "#3fa660"];
const INK = "#7d8590";

/** A line plot as SVG, without a background: it takes that of the page. */
export function drawPlot({ title, x, y, series }: Plot): string {
  const placeX = placer(x, BOX.left, BOX.right);
  const placeY = placer(y, BOX.bottom, BOX.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeText(title)}"`,
    `  font-family="system-ui, sans-serif" font-size="13" fill="${INK}">`,
    text(BOX.left, 22, title, `font-size="16" font-weight="600"`),
    ...series.flatMap((each, index) => legend(each, index)),
    ...x.ticks.flatMap((tick) => [
      line(placeX(tick), BOX.bottom, placeX(tick), BOX.top, `stroke="${INK}" stroke-opacity="0.25"`),
      text(placeX(tick), BOX.bottom + 20, show(tick), `text-anchor="middle"`),
    ]),
    ...y.ticks.flatMap((tick) => [
      line(BOX.left, placeY(tick), BOX.right, placeY(tick), `stroke="${INK}" stroke-opacity="0.25"`),
      text(BOX.left - 8, placeY(tick) + 4, show(tick), `text-anchor="end"`),
    ]),
    text((BOX.left + BOX.right) / 2, HEIGHT - 14, x.label, `text-anchor="middle"`),
    text(0, 0, y.label, `text-anchor="middle" transform="translate(18 ${(BOX.top + BOX.bottom) / 2}) rotate(-90)"`),
    ...series.flatMap(({ points, dashed }, index) => {
      const places = points.map(([px, py]) => [round(placeX(px)), round(placeY(py))] as const);
      const stroke = `fill="none" stroke="${COLOURS[index]}" stroke-width="2"${dashed ? ` stroke-dasharray="6 4"` : ""}`;
      return [
        `<polyline points="${places.map((place) => place.join(",")).join(" ")}" ${stroke}/>`,
        ...places.map(([px, py]) => `<circle cx="${px}" cy="${py}" r="3" fill="${COLOURS[index]}"/>`),
      ];
    }),
    "</svg>",
    "",
  ].join("\n");
}

function legend({ name, dashed }: Series, index: number): string[] {
  const left = BOX.left + index * 210;
  const stroke = `stroke="${COLOURS[index]}" stroke-width="2"${dashed ? ` stroke-dasharray="6 4"` : ""}`;
  return [line(left, 43, left + 28, 43, stroke), text(left + 36, 47, name, "")];
}

/** Where on the picture a value of an axis lies. */
function placer({ scale, ticks }: Axis, from: number, to: number): (value: number) => number {
  const measure = (value: number) => (scale === "log" ? Math.log10(value) : value);
  const [first, last] = [measure(ticks[0] ?? 0), measure(ticks.at(-1) ?? 1)];
  return (value) => from + ((measure(value) - first) / (last - first)) * (to - from);
}

function line(x1: number, y1: number, x2: number, y2: number, attributes: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" ${attributes}/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escapeText(content)}</text>`;
}

function show(value: number): string {
  return value.toLocaleString("en-US");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeText(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
