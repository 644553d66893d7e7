// The convolution explorer. The same module runs in JupyterLab (through anywidget) and in the static book.

// ---- arithmetic (compared with course_lib by the tests) ----

/** The largest input; a smaller one is its upper left corner. */
export const IMAGE = [
  [0, 0, 1, 4, 5, 5, 5, 1, 0, 0],
  [0, 1, 4, 5, 5, 5, 4, 1, 0, 0],
  [0, 2, 5, 5, 3, 5, 5, 2, 0, 1],
  [1, 4, 5, 3, 0, 3, 5, 4, 1, 0],
  [1, 5, 5, 0, 0, 1, 5, 5, 1, 0],
  [2, 5, 5, 0, 1, 0, 5, 5, 2, 0],
  [1, 4, 5, 3, 0, 3, 5, 4, 1, 0],
  [0, 2, 5, 5, 3, 5, 5, 2, 0, 0],
  [0, 1, 4, 5, 5, 5, 4, 1, 0, 1],
  [0, 0, 1, 4, 5, 4, 1, 0, 0, 0],
];

/** One kernel a size; from 2 on each answers to a vertical edge: bright on the left, dark on the right. */
export const KERNELS = {
  1: [[2]],
  2: [[1, -1], [1, -1]],
  3: [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
  4: [[1, 1, -1, -1], [1, 2, -2, -1], [1, 2, -2, -1], [1, 1, -1, -1]],
  5: [[1, 1, 0, -1, -1], [1, 1, 0, -1, -1], [1, 2, 0, -2, -1], [1, 1, 0, -1, -1], [1, 1, 0, -1, -1]],
};

/** The options with their ranges; the Python class has the same. */
export const CONTROLS = [
  { name: "size", label: "Input size", min: 3, max: 10 },
  { name: "kernel_size", label: "Kernel size", min: 1, max: 5 },
  { name: "padding", label: "Padding", min: 0, max: 3 },
  { name: "stride", label: "Stride", min: 1, max: 4 },
  { name: "dilation", label: "Dilation", min: 1, max: 3 },
];

/** Cells from the first to the last kernel entry: d(k − 1) + 1. */
export const kernelSpan = (kernelSize, dilation = 1) => dilation * (kernelSize - 1) + 1;

/** ⌊(n + 2p − d(k − 1) − 1) / s⌋ + 1, or 0 where the kernel does not fit. */
export function outputSize(size, kernelSize, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const room = size + 2 * padding - kernelSpan(kernelSize, dilation);
  return room < 0 ? 0 : Math.floor(room / stride) + 1;
}

/** The image with a border of zeros. */
export function pad(x, padding) {
  const width = x[0].length + 2 * padding;
  const blank = () => Array.from({ length: padding }, () => Array(width).fill(0));
  const side = Array(padding).fill(0);
  return [...blank(), ...x.map((row) => [...side, ...row, ...side]), ...blank()];
}

/** The products of output cell (i, j): [[{x, w, row, column}, …], …], rows and columns of the padded input. */
export function products(padded, w, i, j, { stride = 1, dilation = 1 } = {}) {
  return w.map((kernelRow, u) => kernelRow.map((weight, v) => {
    const row = i * stride + u * dilation, column = j * stride + v * dilation;
    return { x: padded[row][column], w: weight, row, column };
  }));
}

/** The cross-correlation of x with w, both square: y[i][j] is the sum of that cell's products. */
export function convolve(x, w, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const n = outputSize(x.length, w.length, { stride, padding, dilation });
  const padded = pad(x, padding);
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) =>
    products(padded, w, i, j, { stride, dilation }).flat().reduce((sum, t) => sum + t.x * t.w, 0)));
}

/** The size formula with the numbers put in. */
export function sizeFormula(size, kernelSize, { stride = 1, padding = 0, dilation = 1 } = {}) {
  const n = outputSize(size, kernelSize, { stride, padding, dilation });
  return `⌊(${size} + 2·${padding} − ${dilation}·(${kernelSize} − 1) − 1)/${stride}⌋ + 1 = ${n}`;
}

// ---- small helpers for the page ----

const number = (value) => (value < 0 ? `−${-value}` : `${value}`);
const factor = (value) => (value < 0 ? `(−${-value})` : `${value}`);

function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

/** A labelled range input with its value beside it. */
function slider(id, label, min, max, onInput) {
  const input = element("input", { type: "range", id, min, max, step: 1 });
  const output = element("output");
  output.htmlFor.add(id);
  input.addEventListener("input", () => onInput(Number(input.value)));
  const root = element("div", { className: "lw-slider" }, element("label", { htmlFor: id }, label), output, input);
  return { root, input, output };
}

/** A grid that takes the focus, so that the arrow keys can move the window over it. */
function panel(className, label) {
  const caption = element("p", { className: "lw-caption" });
  const grid = element("div", { className: "lw-grid" });
  if (label) {
    grid.tabIndex = 0;
    grid.setAttribute("role", "group");
    grid.setAttribute("aria-label", label);
  }
  return { root: element("div", { className: `lw-panel ${className}` }, caption, grid), caption, grid };
}

/** Fill a panel with a table of numbers; cellClass says how a cell is marked. */
function fill({ root, caption, grid }, title, values, largest, cellClass) {
  caption.textContent = title;
  root.style.setProperty("--columns", values[0]?.length ?? 1);
  const body = element("tbody");
  values.forEach((row, i) => {
    const line = body.insertRow();
    row.forEach((value, j) => {
      const cell = line.insertCell();
      cell.textContent = number(value);
      cell.className = cellClass(i, j) + (value < 0 ? " lw-negative" : "");
      cell.style.setProperty("--share", Math.round((45 * Math.abs(value)) / largest));
    });
  });
  grid.replaceChildren(element("table", { ariaLabel: title }, body));
}

// ---- the explorer ----

let instances = 0;

function render({ model, el }) {
  const prefix = `lw-convolution-${++instances}`;
  const read = () => Object.fromEntries(CONTROLS.map(({ name }) => [name, model.get(name)]));
  const sizeOf = (o) => outputSize(o.size, o.kernel_size, o);
  let timer = null;

  const state = () => {
    const options = read();
    const n = sizeOf(options);
    const position = Math.max(0, Math.min(model.get("position"), n * n - 1));
    return { ...options, n, position, i: n ? Math.floor(position / n) : 0, j: n ? position % n : 0 };
  };
  const moveTo = (position) => {
    const { n } = state();
    model.set("position", Math.max(0, Math.min(position, n * n - 1)));
    model.save_changes();
  };
  const setOption = (name, value) => {
    const { i, j } = state();
    model.set(name, value);
    const n = sizeOf(read()); // the window stays where it is, as far as there is such an output cell
    model.set("position", n ? Math.min(i, n - 1) * n + Math.min(j, n - 1) : 0);
    model.save_changes();
  };

  const sliders = CONTROLS.map(({ name, label, min, max }) => ({
    name, ...slider(`${prefix}-${name}`, label, min, max, (value) => { pause(); setOption(name, value); }),
  }));
  const where = slider(`${prefix}-position`, "Position", 0, 0, (value) => { pause(); moveTo(value); });
  const button = (text, label, onClick) => {
    const node = element("button", { type: "button", className: "lw-button" }, text);
    if (label) node.setAttribute("aria-label", label);
    node.addEventListener("click", onClick);
    return node;
  };
  const previous = button("◀", "Previous position", () => { pause(); moveTo(state().position - 1); });
  const next = button("▶", "Next position", () => { pause(); moveTo(state().position + 1); });
  const play = button("Play", null, () => (timer ? pause() : start()));

  const input = panel("lw-input", "Input grid. The arrow keys move the window.");
  const kernel = panel("lw-kernel");
  const output = panel("lw-output", "Output grid. The arrow keys move the window.");
  const sum = element("div", { className: "lw-sum" });
  const size = element("div", { className: "lw-size" });
  const live = element("p", { className: "lw-live", ariaLive: "polite" });

  function start() {
    const { n, position } = state();
    if (!n) return;
    if (position === n * n - 1) moveTo(0);
    live.ariaLive = "off"; // a moving picture must not talk without pause
    timer = setInterval(() => {
      const now = state();
      if (now.position >= now.n * now.n - 1) pause();
      else moveTo(now.position + 1);
    }, 700);
    play.textContent = "Pause";
  }
  function pause() {
    clearInterval(timer);
    timer = null;
    live.ariaLive = "polite";
    play.textContent = "Play";
  }

  const onKey = (event) => {
    const { n, i, j, position } = state();
    const go = {
      ArrowLeft: j > 0 ? position - 1 : position,
      ArrowRight: j < n - 1 ? position + 1 : position,
      ArrowUp: i > 0 ? position - n : position,
      ArrowDown: i < n - 1 ? position + n : position,
      Home: 0,
      End: n * n - 1,
    };
    if (!n || !(event.key in go) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    pause();
    moveTo(go[event.key]);
  };
  input.grid.addEventListener("keydown", onKey);
  output.grid.addEventListener("keydown", onKey);
  output.grid.addEventListener("click", (event) => {
    const cell = event.target.closest("td");
    if (cell) { pause(); moveTo(cell.parentNode.rowIndex * state().n + cell.cellIndex); }
  });

  function draw() {
    const s = state();
    const { n, i, j, padding, kernel_size: k } = s;
    const x = IMAGE.slice(0, s.size).map((row) => row.slice(0, s.size));
    const padded = pad(x, padding), w = KERNELS[k];
    const terms = n ? products(padded, w, i, j, s) : [];
    const taps = new Set(terms.flat().map((t) => `${t.row},${t.column}`));
    const inside = (a) => a >= padding && a < padding + s.size;

    for (const { name, input: range, output: text } of sliders) text.textContent = range.value = s[name];
    Object.assign(where.input, { max: Math.max(0, n * n - 1), value: s.position, disabled: !n });
    where.output.textContent = n ? `${s.position + 1} of ${n * n}` : "none";
    where.input.setAttribute("aria-valuetext", n ? `output row ${i}, column ${j}` : "no position");
    previous.disabled = !n || s.position === 0;
    next.disabled = !n || s.position === n * n - 1;
    play.disabled = !n;

    const total = s.size + 2 * padding, span = kernelSpan(k, s.dilation);
    const title = `Input ${s.size} × ${s.size}` + (padding ? `, padded to ${total} × ${total}` : "");
    fill(input, title, padded, 5, (a, b) =>
      (taps.has(`${a},${b}`) ? "lw-window" : "") + (inside(a) && inside(b) ? "" : " lw-padding"));
    const spread = s.dilation > 1 ? `, spread over ${span} × ${span}` : "";
    fill(kernel, `Kernel ${k} × ${k}${spread}`, w, 4, () => "lw-window");
    const y = convolve(x, w, s);
    const largest = Math.max(1, ...y.flat().map(Math.abs));
    fill(output, `Output ${n} × ${n}`, y, largest, (a, b) => (a === i && b === j ? "lw-current" : ""));
    output.grid.hidden = !n;

    const law = "Output size = ⌊(input + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1";
    if (!n) {
      const reason = `The kernel does not fit: it spans ${span} cells, the padded input has only ${total}. ` +
        "Take a larger input or more padding, or a smaller kernel or dilation.";
      sum.replaceChildren(element("p", { className: "lw-problem" }, reason));
      size.replaceChildren(element("p", {}, law), element("p", {}, "There is no output: no position holds the whole kernel."));
      live.textContent = reason;
      return;
    }
    const lines = terms.map((row, u) => element("span", { className: "lw-line" },
      (u ? "+ " : "") + row.map((t) => `${t.x}·${factor(t.w)}`).join(" + ")));
    sum.replaceChildren(element("p", { className: "lw-terms" }, `y[${i}, ${j}] = `, ...lines, ` = ${number(y[i][j])}`));
    const left = (total - span) % s.stride;
    const rest = left ? `The last ${left > 1 ? `${left} rows and ${left} columns` : "row and column"} of the ` +
      `${padding ? "padded input" : "input"} lie beyond the last window: that is the rounding down.` : "";
    size.replaceChildren(element("p", {}, law),
      element("p", { className: "lw-formula" }, `= ${sizeFormula(s.size, k, s)}`), element("p", {}, rest));
    live.textContent = `Output row ${i}, column ${j} is ${number(y[i][j])}. The output is ${n} by ${n}.`;
  }

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const onCalm = () => { play.hidden = calm.matches; if (calm.matches) pause(); };
  calm.addEventListener("change", onCalm);
  const watched = [...CONTROLS.map(({ name }) => name), "position"].map((name) => `change:${name}`);
  for (const event of watched) model.on(event, draw);

  const root = element("div", { className: "lw-convolution", role: "group", ariaLabel: "Convolution explorer" },
    element("div", { className: "lw-controls" }, ...sliders.map(({ root }) => root)),
    element("div", { className: "lw-walk" }, where.root, element("div", { className: "lw-buttons" }, previous, next, play)),
    element("div", { className: "lw-panels" }, input.root, kernel.root, output.root),
    sum, size, live);
  // JupyterLab keeps arrow keys for its own commands unless the focused element itself says otherwise
  for (const node of root.querySelectorAll("input, button, [tabindex]")) {
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  el.append(root);
  onCalm();
  draw();

  return () => {
    pause();
    calm.removeEventListener("change", onCalm);
    for (const event of watched) model.off(event, draw);
  };
}

export default { render };
