// The drop-down lists above a board, kept in the page's address as Grafana keeps them: var-skill=python&var-ai=true.

export const ALL = "$__all";

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
    let options;
    if (model.type === "query") {
      const answer = await this.ask({ variable: model.name }).catch((error) => this.failed(model.label, error));
      options = (answer?.rows || []).map((row) => ({ value: String(row[0]), text: String(row[1] ?? row[0]) }));
    } else {
      options = model.options.filter((option) => option.value !== ALL).map(({ value, text }) => ({ value, text }));
    }
    if (model.includeAll) options.unshift({ value: ALL, text: "All" });
    this.options[model.name] = options;
    const known = new Set(options.map((option) => option.value));
    const wished = (this.wished[model.name] || this.chosen[model.name] || []).filter((value) => known.has(value));
    this.chosen[model.name] = wished.length ? wished : options.length ? [options[0].value] : [""];
    delete this.wished[model.name];
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

  draw(box) {
    box.replaceChildren(...this.models.filter((model) => model.hide !== 2).map((model) => this.control(model)));
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
    const summary = document.createElement("summary");
    summary.textContent = this.text(model.name) || "none";
    const search = document.createElement("input");
    search.placeholder = "search; Ctrl or Shift for several";
    const select = document.createElement("select");
    select.id = "var-" + model.name;
    select.multiple = true;
    select.size = 12;
    fill(select, this.options[model.name], this.chosen[model.name]);
    search.addEventListener("input", () => {
      const part = search.value.toLowerCase();
      const found = this.options[model.name].filter((option) => option.text.toLowerCase().includes(part));
      fill(select, found, this.chosen[model.name]);
    });
    select.addEventListener("change", () => {
      const values = [...select.selectedOptions].map((option) => option.value).slice(0, 10);
      if (values.length) this.set(model.name, values);
    });
    const box = document.createElement("div");
    box.append(search, select);
    details.append(summary, box);
    return details;
  }

  set(name, values) {
    this.chosen[name] = values;
    this.changed(name);
  }
}

function uses(model, name) {
  return model.type === "query" && new RegExp(`\\$\\{?${name}\\b`).test(model.query.rawSql);
}

function fill(select, options, chosen) {
  select.replaceChildren(...options.map(({ value, text }) => new Option(text, value, false, chosen.includes(value))));
}
