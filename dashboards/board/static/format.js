// Values as text: units, thresholds, texts in place of values. What comes from queries is only ever text here.

const NAMED = { green: "--green", red: "--red", orange: "--orange", purple: "--purple", blue: "--blue", text: "--ink" };

export function color(name) {
  return NAMED[name] ? getComputedStyle(document.documentElement).getPropertyValue(NAMED[name]).trim() : name;
}

function rounded(value, decimals, most = 2) {
  const digits = decimals ?? (Number.isInteger(value) ? 0 : most);
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
}

function duration(seconds, decimals) {
  const size = Math.abs(seconds);
  if (!size) return "0 s";
  if (size < 1) return rounded(seconds * 1000, 0) + " ms";
  const [unit, name] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([least]) => size >= least);
  return rounded(seconds / unit, unit === 1 ? decimals : 1) + " " + name;
}

function short(value, decimals) {
  const size = Math.abs(value);
  const [unit, name] = [[1e9, " Bil"], [1e6, " Mil"], [1e5, " K"]].find(([least]) => size >= least) || [1, ""];
  return unit === 1e5 ? rounded(value / 1e3, 0) + name : rounded(value / unit, decimals) + name;
}

function bytes(value) {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log2(Math.abs(value) || 1) / 10)));
  return rounded(value / 1024 ** power, power ? 1 : 0) + " " + ["B", "KiB", "MiB", "GiB", "TiB"][power];
}

export function fromNow(at) {
  const seconds = Math.max(0, (Date.now() - at) / 1000);
  return seconds < 5 ? "now" : duration(seconds, 0) + " ago";
}

export function moment(at) {
  const text = new Date(at).toISOString();
  return at % 86400000 === 0 ? text.slice(0, 10) : text.slice(0, 19).replace("T", " ");
}

/** The text of a value under a field's configuration, and the color it asks for, if any. */
export function shown(value, config) {
  if (value === null || value === undefined) return { text: "–" };
  for (const mapping of config.mappings || []) {
    const said = mapping.type === "value" && mapping.options[String(value)];
    if (said) return { text: said.text, color: said.color };
  }
  return { text: plain(value, config), color: threshold(value, config) };
}

function plain(value, { unit, decimals }) {
  if (unit === "dateTimeFromNow") return fromNow(value);
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return "–";
  if (unit === "percentunit") return rounded(value * 100, decimals, 1) + " %";
  if (unit === "s") return duration(value, decimals);
  if (unit === "ms") return value < 1000 ? rounded(value, decimals, 0) + " ms" : duration(value / 1000, decimals);
  if (unit === "sci") return value.toExponential(1);
  if (unit === "bytes") return bytes(value);
  return short(value, decimals);
}

export function threshold(value, config) {
  if (typeof value !== "number") return config.thresholds?.steps?.[0]?.color;
  let found;
  for (const step of config.thresholds?.steps || []) if (step.value === null || value >= step.value) found = step.color;
  return found;
}

/** The configuration of one column: the defaults with what is said about its name on top. */
export function configOf(panel, name) {
  const { defaults = {}, overrides = [] } = panel.fieldConfig || {};
  const made = { ...defaults, custom: { ...defaults.custom } };
  for (const { matcher, properties } of overrides) {
    if (matcher.id !== "byName" || matcher.options !== name) continue;
    for (const { id, value } of properties) {
      if (id.startsWith("custom.")) made.custom[id.slice(7)] = value;
      else made[id] = value;
    }
  }
  return made;
}
