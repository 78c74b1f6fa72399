// One function a kind of panel: draws an answer {columns, rows} into a box. Data become text nodes, never markup.

import { color, configOf, moment, shown, threshold } from "./format.js";
import { linked } from "./links.js";
import { chart, giveUp } from "./chart.js";

/** Letters from which on a text gives way: columns of shorter ones are as wide as they need, these share what is left. */
const LONG = 26;

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function record(answer, row) {
  return Object.fromEntries(answer.columns.map((column, at) => [column.name, row[at]]));
}

function stat(box, panel, answer) {
  const at = answer.columns.findLastIndex((column) => column.kind !== "time");
  const values = answer.rows.map((row) => row[at]).filter((value) => value !== null);
  const config = configOf(panel, answer.columns[at].name);
  if (!values.length) return empty(box, config);
  const value = reduced(values, panel.options.reduceOptions.calcs[0]);
  const { text, color: tone } = shown(value, config);
  const number = element("b", "", linked(document.createTextNode(text), config.links, {}, (title) => title));
  number.style.color = color(tone || "text");
  const holder = element("div", "stat");
  if (panel.options.graphMode === "area" && values.length > 1) holder.append(sparkline(values, color(tone || "blue")));
  holder.append(number);
  box.replaceChildren(holder);
}

function reduced(values, how) {
  if (how === "sum") return values.reduce((sum, value) => sum + value, 0);
  if (how === "mean") return values.reduce((sum, value) => sum + value, 0) / values.length;
  if (how === "max") return Math.max(...values);
  return values.at(-1);
}

function sparkline(values, stroke) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 100 30");
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("aria-hidden", "true");
  const top = Math.max(...values), low = Math.min(0, ...values), range = top - low || 1;
  const points = values.map((value, at) => `${(100 * at) / (values.length - 1)},${29 - (27 * (value - low)) / range}`);
  const line = document.createElementNS(space, "polyline");
  line.setAttribute("points", points.join(" "));
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", stroke);
  line.setAttribute("stroke-width", "1.5");
  line.setAttribute("vector-effect", "non-scaling-stroke");
  picture.append(line);
  return picture;
}

function table(box, panel, answer, title) {
  const configs = answer.columns.map((column) => configOf(panel, column.name));
  const seen = answer.columns.map((_, at) => at).filter((at) => !configs[at].custom.hidden);
  if (!answer.rows.length) return empty(box, panel.fieldConfig.defaults);
  const right = (at) => answer.columns[at].kind === "number";
  const long = new Set(seen.filter((at) => answer.rows.some((row) => answer.columns[at].kind === "text" && row[at]?.length > LONG)));
  const head = element("tr", "", ...seen.map((at) => {
    const cell = element("th", right(at) ? "right" : "", answer.columns[at].name);
    if (long.has(at)) cell.style.width = `${100 / long.size}%`;
    else if (configs[at].custom.width) cell.style.width = configs[at].custom.width + "px";
    return cell;
  }));
  const rows = answer.rows.map((row) => {
    const named = record(answer, row);
    return element("tr", "", ...seen.map((at) => {
      const value = row[at], config = configs[at];
      const asTime = answer.columns[at].kind === "time" && config.unit !== "dateTimeFromNow" && value !== null;
      const { text, color: tone } = asTime ? { text: moment(value) } : shown(value, config);
      const cell = element("td", right(at) ? "right" : "", linked(document.createTextNode(text), config.links, named, title));
      cell.title = text;
      if (long.has(at)) cell.classList.add("long");
      const mapped = config.mappings?.length && config.unit;
      if (config.custom.cellOptions?.type === "color-text" && tone && (right(at) || mapped)) cell.style.color = color(tone);
      return cell;
    }));
  });
  box.replaceChildren(element("table", "", element("thead", "", head), element("tbody", "", ...rows)));
}

function bargauge(box, panel, answer) {
  if (!answer.rows.length) return empty(box, panel.fieldConfig.defaults);
  const name = answer.columns.findIndex((column) => column.kind === "text");
  const number = answer.columns.findIndex((column) => column.kind === "number");
  const config = configOf(panel, answer.columns[number].name);
  const top = config.max ?? Math.max(...answer.rows.map((row) => row[number] || 0));
  const cells = answer.rows.flatMap((row) => {
    const fill = element("div", "fill");
    fill.style.width = `${top > 0 ? Math.max(0, (100 * row[number]) / top) : 0}%`;
    if (config.color?.mode === "thresholds") fill.style.background = color(threshold(row[number], config));
    const label = element("span", "name", String(row[name]));
    label.title = String(row[name]);
    return [label, element("div", "track", fill), element("span", "value", shown(row[number], config).text)];
  });
  box.replaceChildren(element("div", "bars", ...cells));
}

function instead(box, ...children) {
  giveUp(box);
  box.replaceChildren(...children);
}

export function empty(box, config) {
  instead(box, element("div", "empty", config?.noValue || "No data"));
}

export function fault(box, sentence) {
  instead(box, element("div", "fault", sentence));
}

export const DRAWN = { stat, table, bargauge, timeseries: chart, barchart: chart };
