// Line charts for the train area, loaded when it is opened: uPlot with the page's colours and habits.
import uPlot from "uplot";

/** A colour of the style sheets in the theme that is shown; canvas knows no light-dark(). */
function color(name) {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function short(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  return size >= 1e5 || size < 1e-3 ? value.toExponential(0).replace("e+", "e") : String(Number(value.toPrecision(3)));
}

class LineChart {
  #element;
  #plot;
  #made;
  #closed = new AbortController();
  #data;
  #size;

  constructor(element) {
    this.#element = element;
    const again = () => this.#make();
    const { signal } = this.#closed;
    const observer = new MutationObserver(again);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    signal.addEventListener("abort", () => observer.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again, { signal });
  }

  show(spec, columns) {
    // uPlot leaves out null, and would take NaN for a number.
    this.#data = columns.map((column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value)));
    if (this.#made !== spec) {
      this.#made = spec;
      this.#make();
    } else {
      this.#plot?.setData(this.#data);
    }
  }

  resize(width, height) {
    this.#size = { width, height };
    if (this.#plot) {
      this.#plot.setSize(this.#size);
    } else {
      this.#make();
    }
  }

  destroy() {
    this.#closed.abort();
    this.#clear();
  }

  #clear() {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #make() {
    this.#clear();
    if (!this.#made || !this.#size || this.#size.width < 40) {
      return;
    }
    const spec = JSON.parse(this.#made);
    const muted = color("--muted");
    const font = `11px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      stroke: muted, font, gap: 4,
      grid: { stroke: color("--line"), width: 1 }, ticks: { show: false },
    };
    this.#plot = new uPlot({
      ...this.#size,
      padding: [8, 10, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      legend: { show: true, live: true },
      scales: {
        x: { time: false },
        y: spec.log ? { distr: 3 } : spec.range ? { range: spec.range } : {},
      },
      axes: [
        { ...axis, size: 20, incrs: [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1e3, 2e3, 5e3, 1e4,
          2e4, 5e4, 1e5, 2e5, 5e5, 1e6], values: (_, ticks) => ticks.map(short) },
        { ...axis, size: 46, values: (_, ticks) => ticks.map((tick) => (tick == null ? "" : short(tick))) },
      ],
      series: [
        { label: spec.x },
        ...spec.series.map((line) => ({
          label: line.label,
          scale: "y",
          stroke: line.width ? color(line.color) : undefined,
          width: line.width,
          dash: line.dash ?? undefined,
          spanGaps: Boolean(line.points || line.spans),
          points: line.points ? { show: true, size: 5, fill: color(line.color) } : { show: false },
          class: line.hidden ? "u-hidden" : undefined,
          value: (_, value) => (value == null ? "–" : short4(value)),
        })),
      ],
      bands: spec.band ? [{ series: spec.band, fill: fade(color(spec.series[spec.band[0] - 1].color)) }] : [],
    }, this.#data, this.#element);
  }
}

function short4(value) {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e6 || size < 1e-4) ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

function fade(rgb) {
  return rgb.replace("rgb(", "rgba(").replace(")", ", .22)");
}

globalThis.backstepCharts = { line: (element) => new LineChart(element) };
