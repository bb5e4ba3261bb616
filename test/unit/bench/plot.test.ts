import { expect } from "chai";
import { drawPlot, type Plot } from "../../../bench/plot.ts";

const plot: Plot = {
  title: 'Gas <by> "batch" & more',
  x: { label: "messages", scale: "log", ticks: [1, 10, 100] },
  y: { label: "gas", scale: "linear", ticks: [0, 50, 100] },
  series: [
    {
      name: "measured",
      dashed: false,
      points: [
        [1, 100],
        [10, 50],
        [100, 0],
      ],
    },
  ],
};

/** The points of the first line, as numbers. */
function places(svg: string): number[][] {
  const [, points = ""] = /<polyline points="([^"]+)"/.exec(svg) ?? [];
  return points.split(" ").map((place) => place.split(",").map(Number));
}

describe("drawPlot", () => {
  it("spaces a logarithmic axis by factors and a linear one by differences", () => {
    const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = [], [x2 = 0, y2 = 0] = []] = places(drawPlot(plot));
    expect(x1 - x0).to.equal(x2 - x1);
    expect(y1 - y0).to.equal(y2 - y1);
    expect(x2).to.be.greaterThan(x0);
    expect(y0).to.be.lessThan(y2);
  });

  it("labels both axes, every tick and every series", () => {
    const svg = drawPlot(plot);
    for (const text of ["messages", "gas", "measured", "1", "10", "100", "0", "50"]) {
      expect(svg).to.include(`>${text}</text>`);
    }
  });

  it("escapes what would be markup", () => {
    expect(drawPlot(plot)).to.include("Gas &lt;by> &quot;batch&quot; &amp; more</text>");
  });
});
