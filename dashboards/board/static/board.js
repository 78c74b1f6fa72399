// The page: reads the dashboard that Grafana shows, asks the server for each panel and draws the answers.

import { mark } from "./chart.js";
import { color, moment } from "./format.js";
import { DRAWN, empty, fault } from "./panels.js";
import { closeLists, Variables } from "./variables.js";
import { words } from "./words.js";

const RANGES = { "now-15m": "15 minutes", "now-1h": "hour", "now-3h": "3 hours", "now-6h": "6 hours", "now-24h": "24 hours",
  "now-7d": "7 days", "now-30d": "30 days", "now-90d": "90 days", "now-1y": "year" };
const REFRESHES = { "": "off", "5s": "5 s", "10s": "10 s", "30s": "30 s", "1m": "1 min", "5m": "5 min" };
const MILLISECONDS = { s: 1000, m: 60000, h: 3600000, d: 86400000, M: 31 * 86400000, y: 366 * 86400000 };

const uid = decodeURIComponent(location.pathname.split("/")[2]);
const search = new URLSearchParams(location.search);
const at = (id) => document.getElementById(id);
const page = { model: null, variables: null, boxes: new Map(), from: "", to: "now", refresh: "", timer: 0, loading: null, annotations: [] };

async function get(path) {
  const response = await fetch(path);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

async function ask(what, signal, range = page) {
  const response = await fetch(`/api/boards/${encodeURIComponent(uid)}/query`, {
    method: "POST", signal, headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...what, from: range.from, to: range.to, variables: page.variables.values() }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

function milliseconds(text) {
  if (/^\d+$/.test(text)) return Number(text);
  const found = /^now-(\d+)(\w)$/.exec(text);
  return Date.now() - (found ? Number(found[1]) * MILLISECONDS[found[2]] : 0);
}

/** The range of the board, or that of a panel which looks back further; a range of fixed ends is for all panels. */
function rangeOf(panel) {
  return panel.timeFrom && page.from.startsWith("now") ? { from: "now-" + panel.timeFrom, to: "now" } : page;
}

function scene(range) {
  return { from: milliseconds(range.from), to: milliseconds(range.to), annotations: page.annotations, zoom };
}

function zoom(from, to) {
  page.from = String(Math.round(from));
  page.to = String(Math.round(to));
  setRefresh("");
  controls();
  load();
}

function build() {
  const grid = at("grid");
  grid.replaceChildren();
  page.boxes.clear();
  for (const panel of page.model.panels) {
    const { x, y, w, h } = panel.gridPos;
    const area = `${y + 1} / ${x + 1} / span ${h} / span ${w}`;
    if (panel.type === "row") {
      const heading = document.createElement("h2");
      heading.className = "heading";
      heading.textContent = panel.title;
      heading.style.gridRow = `${y + 1} / span 1`;
      grid.append(heading);
      continue;
    }
    const frame = document.createElement("section");
    frame.className = "panel " + (panel.type === "timeseries" || panel.type === "barchart" ? "chart" : panel.type);
    frame.style.gridArea = area;
    frame.dataset.panel = panel.id;
    const title = document.createElement("h2");
    const name = document.createElement("span");
    title.append(name, ...explanation(panel));
    const body = document.createElement("div");
    body.className = "body";
    frame.append(title, body);
    grid.append(frame);
    page.boxes.set(panel.id, { panel, frame, name, body });
  }
}

/** A button that shows what the panel says about itself: by mouse, finger or key; Escape closes it. */
function explanation(panel) {
  const why = document.createElement("button"), words = document.createElement("div");
  why.type = "button";
  why.className = "why";
  why.textContent = "i";
  why.title = words.textContent = panel.description || "";
  why.setAttribute("aria-label", "What this shows");
  words.className = "explanation";
  words.popover = "auto";
  why.popoverTargetElement = words;
  words.addEventListener("beforetoggle", () => {
    const { left, bottom } = why.getBoundingClientRect();
    words.style.top = `${bottom + 4}px`;
    words.style.left = `${Math.max(8, Math.min(left, innerWidth - 380))}px`;
  });
  return [why, words];
}

async function draw({ panel, frame, name, body }, signal) {
  const range = rangeOf(panel);
  name.textContent = page.variables.filled(panel.title) + (range === page ? "" : ` · last ${RANGES[range.from] || panel.timeFrom}`);
  frame.setAttribute("aria-label", name.textContent);
  if (panel.type === "text") return void body.replaceChildren(words(panel.options.content));
  if (!DRAWN[panel.type]) return void empty(body, { noValue: `This viewer cannot draw panels of type ${panel.type}; Grafana can.` });
  frame.classList.add("busy");
  try {
    const points = Math.max(20, Math.round(body.clientWidth / 4));
    const answer = await ask({ panel: panel.id, points }, signal, range);
    if (!signal.aborted) {
      DRAWN[panel.type](body, panel, answer, (text) => page.variables.filled(text), scene(range));
      frame.dataset.rows = answer.rows.length;
    }
  } catch (error) {
    if (!signal.aborted) fault(body, error.message);
  } finally {
    frame.classList.remove("busy");
  }
}

/** A new reading gives up the one that is under way. */
function begin() {
  page.loading?.abort();
  return (page.loading = new AbortController());
}

/** Read and draw all panels. */
async function load(turn = begin()) {
  const started = performance.now();
  remember();
  const [seen, others] = seenFirst();
  const drawn = (boxes) => boxes.map((box) => draw(box, turn.signal));
  await Promise.all([...drawn(seen), annotate(turn.signal), ...drawn(others)]);
  if (turn.signal.aborted) return;
  page.loading = null;
  document.documentElement.dataset.loaded = String(Math.round(performance.now() - started));
  at("state").textContent = `${new Date().toISOString().slice(11, 19)} UTC`;
}

async function marks(annotation, signal) {
  try {
    const answer = await ask({ annotation: annotation.name }, signal);
    const names = answer.columns.map((column) => column.name);
    const tone = color(annotation.iconColor);
    return answer.rows.map((row) => ({ time: row[names.indexOf("time")], text: row[names.indexOf("text")], tone }));
  } catch {
    return [];
  }
}

/** Those in view first, then the others from top to bottom: the server answers a few at a time. */
function seenFirst() {
  const seen = ({ frame }) => { const place = frame.getBoundingClientRect(); return place.bottom > 0 && place.top < innerHeight; };
  const boxes = [...page.boxes.values()];
  return [boxes.filter(seen), boxes.filter((box) => !seen(box))];
}

/** Panels are drawn without waiting for the annotations, which are put on their charts once they are there. */
async function annotate(signal) {
  const found = (await Promise.all(page.model.annotations.list.map((annotation) => marks(annotation, signal)))).flat();
  if (signal.aborted) return;
  page.annotations = found;
  for (const { panel, body } of page.boxes.values()) if (panel.type === "timeseries") mark(body, found);
}

/** Keep range and choices in the address, so that it can be sent to somebody. */
function remember() {
  const now = new URLSearchParams({ from: page.from, to: page.to, refresh: page.refresh });
  page.variables.write(now);
  history.replaceState(null, "", "?" + now);
}

function setRefresh(value) {
  clearInterval(page.timer);
  page.refresh = value;
  const found = /^(\d+)([smh])$/.exec(value);
  if (found) page.timer = setInterval(() => !page.loading && !document.hidden && changed(), Number(found[1]) * MILLISECONDS[found[2]]);
}

function controls() {
  const ranges = Object.fromEntries(Object.entries(RANGES).map(([value, text]) => [value, "last " + text]));
  if (page.to !== "now" || !(page.from in ranges)) ranges[page.from] = chosenRange();
  const range = at("range"), refresh = at("refresh");
  range.replaceChildren(...Object.entries(ranges).map(([value, text]) => new Option(text, value, false, value === page.from)));
  const refreshes = { ...REFRESHES };
  if (!(page.refresh in refreshes)) refreshes[page.refresh] = page.refresh;
  refresh.replaceChildren(...Object.entries(refreshes).map(([value, text]) => new Option(text, value, false, value === page.refresh)));
}

/** A range that is none of the list: dragged in a chart, or given in the address. */
function chosenRange() {
  const [from, to] = [page.from, page.to].map((end) => (/^\d+$/.test(end) ? moment(Number(end)).slice(0, 16) : end));
  return `${from} to ${to}`;
}

/** Read the choices of the variables, then the panels: a new month or skill is among them, and so is all after an outage. */
async function changed() {
  const turn = begin();
  await page.variables.load();
  if (turn.signal.aborted) return;
  page.variables.draw(at("variables"));
  await load(turn);
}

function listen() {
  at("range").addEventListener("change", (event) => { page.from = event.target.value; page.to = "now"; changed(); });
  at("refresh").addEventListener("change", (event) => { setRefresh(event.target.value); remember(); });
  at("again").addEventListener("click", () => changed());
  document.addEventListener("visibilitychange", () => !document.hidden && page.refresh && !page.loading && changed());
  document.addEventListener("click", closeLists);
  document.addEventListener("keydown", closeLists);
  at("theme").addEventListener("click", () => {
    const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("theme", theme);
    load();
  });
}

async function start() {
  const boards = await get("/api/boards");
  at("boards").replaceChildren(...boards.map((board) => {
    const link = document.createElement("a");
    link.href = "/d/" + encodeURIComponent(board.uid);
    link.textContent = board.title;
    if (board.uid === uid) link.setAttribute("aria-current", "page");
    return link;
  }));
  page.model = await get("/api/boards/" + encodeURIComponent(uid));
  document.title = page.model.title + " · skillpulse board";
  page.from = search.get("from") || page.model.time.from;
  page.to = search.get("to") || page.model.time.to;
  setRefresh(search.get("refresh") ?? page.model.refresh ?? "");
  page.variables = new Variables(page.model.templating.list, ask, changed, (label, error) => {
    at("state").textContent = `${label}: ${error.message}`;
  });
  page.variables.read(search);
  build();
  controls();
  listen();
  await changed();
}

start().catch((error) => fault(at("grid"), error.message));
