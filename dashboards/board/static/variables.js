// The drop-down lists above a board, kept in the page's address as Grafana keeps them: var-skill=python&var-ai=true.

export const ALL = "$__all";
const MOST = 10;

export class Variables {
  constructor(models, ask, changed, failed) {
    this.failed = failed;
    this.models = models.filter((model) => model.type !== "datasource");
    this.ask = ask;
    this.changed = changed;
    this.chosen = {};
    this.options = {};
    this.wished = {};
  }

  /** Take what the address says. */
  read(search) {
    for (const model of this.models) {
      const given = search.getAll("var-" + model.name);
      if (given.length) this.wished[model.name] = given;
    }
  }

  write(search) {
    for (const model of this.models) {
      search.delete("var-" + model.name);
      for (const value of this.chosen[model.name] || []) search.append("var-" + model.name, value);
    }
  }

  /** Read the choices of every variable, those that others depend on first. */
  async load() {
    const left = [...this.models];
    while (left.length) {
      const waits = (model) => left.some((other) => other !== model && uses(model, other.name));
      const ready = left.filter((model) => !waits(model));
      const round = ready.length ? ready : left.slice(0, 1);
      await Promise.all(round.map((model) => this.loadOne(model)));
      for (const model of round) left.splice(left.indexOf(model), 1);
    }
  }

  async loadOne(model) {
    const found = await this.found(model);
    if (!found && this.chosen[model.name]) return; // an outage: what was chosen and could be chosen stays
    const options = model.includeAll ? [{ value: ALL, text: "All" }, ...(found || [])] : found || [];
    this.options[model.name] = options;
    const known = new Set(options.map((option) => option.value));
    const wished = (this.wished[model.name] || this.chosen[model.name] || []).filter((value) => known.has(value));
    // a range without posts has no skills: what was chosen stays chosen for the next range
    this.chosen[model.name] = wished.length ? wished : options.length ? [options[0].value] : this.chosen[model.name] || [""];
    if (found) delete this.wished[model.name];
  }

  /** The choices of a variable, null where they could not be read. */
  async found(model) {
    if (model.type !== "query") return model.options.filter((option) => option.value !== ALL).map(({ value, text }) => ({ value, text }));
    try {
      const answer = await this.ask({ variable: model.name });
      return answer.rows.map((row) => ({ value: String(row[0]), text: String(row[1] ?? row[0]) }));
    } catch (error) {
      this.failed(model.label, error);
      return null;
    }
  }

  /** Value lists by name, as the server expects them. */
  values() {
    return Object.fromEntries(Object.entries(this.chosen));
  }

  text(name) {
    const texts = (this.chosen[name] || []).map((value) => this.options[name]?.find((option) => option.value === value)?.text ?? value);
    return texts.join(" + ");
  }

  /** `${month:text}` in titles. */
  filled(template) {
    return template.replace(/\$\{(\w+)(?::text)?\}/g, (all, name) => (name in this.chosen ? this.text(name) : all));
  }

  /** Draw the lists anew if they have changed; what is open or has the focus stays so. */
  draw(box) {
    const shows = JSON.stringify([this.options, this.chosen]);
    if (shows === this.shows) return;
    this.shows = shows;
    const focus = box.contains(document.activeElement) ? document.activeElement.id : "";
    const open = box.querySelector("details[open]");
    const [id, sought, top] = open ? [open.id, open.querySelector("input").value, open.querySelector(".choices").scrollTop] : [];
    box.replaceChildren(...this.models.filter((model) => model.hide !== 2).map((model) => this.control(model)));
    if (id) {
      const again = document.getElementById(id), search = again.querySelector("input");
      again.open = true;
      search.value = sought;
      search.dispatchEvent(new Event("input"));
      again.querySelector(".choices").scrollTop = top;
    }
    if (focus) document.getElementById(focus)?.focus();
  }

  control(model) {
    const label = document.createElement(model.multi ? "span" : "label");
    const name = document.createElement("span");
    name.textContent = model.label;
    label.title = model.description || "";
    label.append(name, model.multi ? this.several(model) : this.single(model));
    if (model.multi) label.className = "several";
    return label;
  }

  single(model) {
    const select = document.createElement("select");
    select.id = "var-" + model.name;
    fill(select, this.options[model.name], this.chosen[model.name]);
    select.addEventListener("change", () => this.set(model.name, [select.value]));
    return select;
  }

  several(model) {
    const details = document.createElement("details");
    details.className = "choose";
    details.id = "choose-" + model.name;
    const summary = document.createElement("summary");
    summary.id = "var-" + model.name;
    summary.textContent = this.text(model.name) || "none";
    const search = document.createElement("input");
    search.id = "search-" + model.name;
    search.type = "search";
    search.placeholder = "search";
    const choices = document.createElement("div");
    choices.className = "choices";
    const list = () => {
      const part = search.value.toLowerCase();
      const found = this.options[model.name].filter((option) => option.text.toLowerCase().includes(part));
      choices.replaceChildren(...found.map((option) => this.choice(model, option)));
    };
    search.addEventListener("input", list);
    list();
    const box = document.createElement("div");
    box.className = "drop";
    box.append(search, choices);
    details.append(summary, box);
    return details;
  }

  /** A box to tick: at least one choice stays, and at most MOST. */
  choice(model, { value, text }) {
    const chosen = this.chosen[model.name];
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.id = `var-${model.name}-${value}`;
    tick.checked = chosen.includes(value);
    tick.disabled = tick.checked ? chosen.length === 1 : chosen.length >= MOST;
    tick.addEventListener("change", () =>
      this.set(model.name, tick.checked ? [...chosen, value] : chosen.filter((other) => other !== value)));
    const label = document.createElement("label");
    label.append(tick, text);
    return label;
  }

  set(name, values) {
    this.chosen[name] = values;
    this.changed(name);
  }
}

/** An open list closes with Escape and with a click beside it. */
export function closeLists(event) {
  for (const open of document.querySelectorAll("details.choose[open]")) {
    if (event.type === "keydown" ? event.key !== "Escape" : open.contains(event.target) || !event.target.isConnected) continue;
    open.open = false;
    if (event.type === "keydown") open.querySelector("summary").focus();
  }
}

function uses(model, name) {
  return model.type === "query" && new RegExp(`\\$\\{?${name}\\b`).test(model.query.rawSql);
}

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, text }) => new Option(text, value, false, chosen.includes(value))));
}
