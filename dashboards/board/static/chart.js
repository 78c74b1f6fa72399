// Time series and bar charts by plotly.js. It reads a little markup in names, so names from data are escaped.

import { color, configOf, shown } from "./format.js";
import { empty } from "./panels.js";

const PALETTES = {
  dark: ["#5794f2", "#73bf69", "#ff9830", "#f2495c", "#b877d9", "#37a2a2", "#fade2a", "#ffa6b0", "#e0b400", "#c0d8ff"],
  light: ["#3274d9", "#37872d", "#c15c17", "#c4162a", "#8f3bb8", "#0f7f7f", "#8a6d00", "#a0345a", "#52627a", "#1f3a93"],
};

export function escaped(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Long rows (time, name, value) or wide ones (time, a, b) as series: [name, [times], [values]]. */
function series(answer) {
  const kinds = answer.columns.map((column) => column.kind);
  const time = kinds.indexOf("time"), label = kinds.indexOf("text");
  const found = new Map();
  for (const row of answer.rows) {
    answer.columns.forEach((column, at) => {
      if (kinds[at] !== "number") return;
      const name = label < 0 ? column.name : String(row[label]);
      if (!found.has(name)) found.set(name, [name, [], []]);
      found.get(name)[1].push(row[time]);
      found.get(name)[2].push(row[at]);
    });
  }
  return [...found.values()];
}

function categories(panel, answer) {
  const x = answer.columns.findIndex((column) => column.name === panel.options.xField);
  return answer.columns.map((column, at) => [column.name, answer.rows.map((row) => row[x]), answer.rows.map((row) => row[at])])
    .filter((_, at) => answer.columns[at].kind === "number");
}

function tickFormat({ unit }) {
  return unit === "percentunit" ? { tickformat: ",.2~%" } : unit === "s" ? { ticksuffix: " s" } : unit === "ms" ? { ticksuffix: " ms" } : {};
}

export function chart(box, panel, answer, _title, scene) {
  const overTime = panel.type === "timeseries";
  const palette = PALETTES[document.documentElement.dataset.theme];
  const lines = overTime ? series(answer) : categories(panel, answer);
  if (!answer.rows.length) return empty(box, panel.fieldConfig.defaults);
  const defaults = panel.fieldConfig.defaults, custom = defaults.custom || {};
  const bars = !overTime || custom.drawStyle === "bars";
  const level = panel.options.orientation === "horizontal" && !overTime;
  const traces = lines.map(([name, at, values], number) => {
    const config = configOf(panel, name);
    const tone = config.color?.mode === "fixed" ? color(config.color.fixedColor) : palette[number % palette.length];
    const texts = values.map((value) => `${escaped(name)}: ${shown(value, config).text}`);
    const along = overTime ? at.map((moment) => new Date(moment)) : at.map(escaped);
    const axis = config.custom?.axisPlacement === "right" ? { yaxis: "y2" } : {};
    const common = { ...axis, name: escaped(name), x: level ? values : along, y: level ? along : values, text: texts, hovertemplate: "%{text}<extra></extra>" };
    if (bars) return { ...common, type: "bar", orientation: level ? "h" : "v", marker: { color: tone }, textposition: "none" };
    const stacked = custom.stacking?.mode === "normal";
    return { ...common, type: "scatter", mode: values.length > 1 ? "lines" : "markers", line: { color: tone, width: custom.lineWidth },
      connectgaps: true, ...(stacked ? { stackgroup: "one" } : {}) };
  });
  const grid = { zeroline: false };
  const css = getComputedStyle(document.documentElement);
  const line = css.getPropertyValue("--line").trim(), ink = css.getPropertyValue("--quiet").trim();
  grid.gridcolor = line;
  const values = { ...grid, ...tickFormat(defaults), rangemode: defaults.min === 0 ? "tozero" : "normal", automargin: true, fixedrange: true, nticks: 6 };
  const right = lines.map(([name]) => configOf(panel, name)).find((config) => config.custom.axisPlacement === "right");
  const along = overTime
    ? { ...grid, type: "date", range: [new Date(scene.from), new Date(scene.to)], showgrid: false }
    : { ...grid, automargin: true, ...(level ? { autorange: "reversed" } : {}) };
  const layout = {
    margin: { l: 44, r: 12, t: 6, b: 34 }, paper_bgcolor: "transparent", plot_bgcolor: "transparent",
    font: { color: ink, size: 11 }, xaxis: level ? values : along, yaxis: level ? along : values,
    ...(right ? { yaxis2: { ...values, ...tickFormat(right), showgrid: false, tickmode: "auto", overlaying: "y", side: "right" } } : {}), barmode: custom.stacking?.mode === "normal" ? "stack" : "group",
    bargap: 0.1, hovermode: overTime ? "x unified" : "closest", hoverlabel: { bgcolor: css.getPropertyValue("--panel").trim(), bordercolor: line },
    showlegend: panel.options.legend?.showLegend && traces.length > 1, legend: { orientation: "h", y: -0.12, yanchor: "top", x: 0 },
    dragmode: "zoom", ...marks(overTime ? scene.annotations : []),
  };
  const begun = plotOf(box), plot = begun || begin(box);
  plot.drawn = Plotly.react(plot, traces, layout, { displayModeBar: false, responsive: true });
  if (overTime && !begun) {
    plot.on("plotly_relayout", (change) => {
      const [from, to] = [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (from && to) scene.zoom(Date.parse(zulu(from)), Date.parse(zulu(to)));
    });
  }
}

function plotOf(box) {
  return box.querySelector(":scope > .plot");
}

function begin(box) {
  const plot = document.createElement("div");
  plot.className = "plot";
  box.classList.add("drawing");
  box.replaceChildren(plot);
  return plot;
}

/** Give up the chart in a box, once it is drawn: something else will stand there. */
export function giveUp(box) {
  const plot = plotOf(box);
  box.classList.remove("drawing");
  plot?.drawn.then(() => Plotly.purge(plot));
}

/** plotly.js writes the UTC times that it was given without saying so. */
function zulu(text) {
  return String(text).replace(" ", "T") + "Z";
}

/** Put annotations on a chart that was drawn before they were there. */
export function mark(box, annotations) {
  const plot = plotOf(box);
  if (plot) plot.drawn = plot.drawn.then(() => Plotly.relayout(plot, marks(annotations)));
}

function marks(annotations) {
  const shapes = annotations.map(({ time, tone }) => ({ type: "line", x0: new Date(time), x1: new Date(time), yref: "paper", y0: 0, y1: 1,
    line: { color: tone, width: 1, dash: "dot" } }));
  const notes = annotations.map(({ time, text, tone }) => ({ x: new Date(time), yref: "paper", y: 1, text: "▾", showarrow: false,
    font: { color: tone, size: 13 }, hovertext: escaped(text), captureevents: true }));
  return { shapes, annotations: notes };
}
