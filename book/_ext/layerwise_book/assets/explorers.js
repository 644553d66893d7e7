// Runs every explorer of a page: an ES module with anywidget's interface, on a model that lives in the page.

class Model {
  #values;
  #listeners = new Map();
  #changed = false;

  constructor(values) { this.#values = { ...values }; }
  get(name) { return this.#values[name]; }
  set(name, value) {
    if (Object.is(this.#values[name], value)) return;
    this.#values[name] = value;
    this.#changed = true;
    this.#emit(`change:${name}`, value);
  }
  save_changes() {
    if (this.#changed) this.#emit("change");
    this.#changed = false;
  }
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, new Set());
    this.#listeners.get(event).add(listener);
  }
  off(event, listener) {
    if (listener) this.#listeners.get(event)?.delete(listener);
    else this.#listeners.delete(event);
  }
  #emit(event, ...details) {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) listener(...details);
  }
}

async function start(element) {
  const { default: explorer } = await import(new URL(element.dataset.module, import.meta.url));
  const model = new Model(JSON.parse(element.dataset.state));
  const el = document.createElement("div");
  await explorer.initialize?.({ model });
  await explorer.render({ model, el });
  element.replaceChildren(el); // the fallback text stays until there is something better
  element.dataset.ready = "true";
}

for (const element of document.querySelectorAll(".layerwise-explorer")) {
  start(element).catch((error) => {
    element.dataset.ready = "false";
    console.error("explorer", element.dataset.module, error);
  });
}
