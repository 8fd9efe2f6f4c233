// Draws lines and zones into the picture. Points are pixels of the frame, as
// the server takes them; it alone decides what is a line or a zone.
"use strict";

const svg = document.querySelector("svg");
const list = document.getElementById("shapes");
const told = document.getElementById("told");
const hint = document.getElementById("hint");
const WIDTH = Number(svg.dataset.width);
const HEIGHT = Number(svg.dataset.height);
const COLORS = ["#ffd600", "#4dd0e1", "#ff8a65", "#aed581", "#ba68c8",
  "#64b5f6", "#f06292", "#fff176"];
const HINTS = {
  lines: "Click where the line begins, and where it ends. " +
    "Points can be dragged.",
  zones: "Click each corner; click the first again, or press Enter, to " +
    "close the zone. Escape takes the drawing back.",
};
const REACH = 12;  // Screen pixels around a point that are the point.

let shapes = [];  // {kind, name, points, directions}
let draft = [];  // Points so far.
let pointer = null;
let dragged = null;  // {shape, index}
let mode = "lines";
let isSaved = true;

const scale = () => WIDTH / svg.getBoundingClientRect().width;
const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const isNear = (a, b) => distance(a, b) < REACH * scale();

function place(event) {
  const box = svg.getBoundingClientRect();
  const inside = (value, most) => Math.min(Math.max(value, 0), most);
  return [
    inside((event.clientX - box.left) * WIDTH / box.width, WIDTH),
    inside((event.clientY - box.top) * HEIGHT / box.height, HEIGHT),
  ];
}

// The unit vector to the side of growing x, or of growing y for lines nearer
// to the horizontal: the first direction, as crossline.count.lines has it.
function normal([start, end]) {
  let [x, y] = [start[1] - end[1], end[0] - start[0]];
  const length = Math.hypot(x, y) || 1;
  const sign = (Math.abs(x) >= Math.abs(y) ? x : y) < 0 ? -1 : 1;
  return [sign * x / length, sign * y / length];
}

function usual(points) {
  const [x, y] = normal(points);
  return Math.abs(x) >= Math.abs(y) ? ["right", "left"] : ["down", "up"];
}

function freeName(kind) {
  const word = kind === "lines" ? "line" : "zone";
  const taken = new Set(shapes.map((shape) => shape.name));
  let number = 1;
  while (taken.has(`${word} ${number}`)) number += 1;
  return `${word} ${number}`;
}

function add(kind, points) {
  const shape = {kind, name: freeName(kind), points};
  if (kind === "lines") shape.directions = usual(points);
  shapes.push(shape);
  draft = [];
  changed();
  const names = list.querySelectorAll("input.name");
  names[names.length - 1].select();
}

function changed() {
  isSaved = false;
  told.textContent = "";
  list.replaceChildren(...shapes.map(entry));
  draw();
}

function element(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const colorOf = (shape) => COLORS[shapes.indexOf(shape) % COLORS.length];
const pathOf = (points, isClosed) =>
  "M" + points.map((point) => point.join(" ")).join("L") +
  (isClosed ? "Z" : "");

function writing(text, [x, y], color, anchor = "middle") {
  return element("text", {
    x, y, fill: color, "font-size": 15 * scale(), "text-anchor": anchor,
    "dominant-baseline": "middle",
  }, text);
}

function outline(path, color, extra = "") {
  const fill = extra === "zone" ? color : "none";
  return [
    element("path", {d: path, class: "shadow"}),
    element("path", {d: path, class: `edge ${extra}`, stroke: color, fill}),
  ];
}

function arrows(shape, color) {
  const [start, end] = shape.points;
  const middle = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
  const [x, y] = normal(shape.points);
  return [1, -1].flatMap((sign, index) => {
    const at = (along, beside) => [
      middle[0] + scale() * (sign * x * along - y * beside),
      middle[1] + scale() * (sign * y * along + x * beside),
    ];
    const offset = 14 * sign;  // So that the two do not hide each other.
    const path = pathOf([at(0, offset), at(34, offset)]) +
      pathOf([at(25, offset - 6), at(35, offset), at(25, offset + 6)]);
    const anchor = Math.abs(x) < 0.4 ? "middle" :
      sign * x > 0 ? "start" : "end";
    return [
      ...outline(path, color),
      writing(shape.directions[index], at(46, offset), color, anchor),
    ];
  });
}

function handles(shape, color) {
  return shape.points.map((point, index) => {
    const handle = element("circle", {
      cx: point[0], cy: point[1], r: 6 * scale(), fill: color,
      "stroke-width": 1.5 * scale(),
    });
    handle.addEventListener("pointerdown", (event) => {
      if (draft.length || event.button) return;
      event.stopPropagation();
      svg.setPointerCapture(event.pointerId);
      dragged = {shape, index};
    });
    return handle;
  });
}

function drawn(shape) {
  const color = colorOf(shape), isZone = shape.kind === "zones";
  const group = element("g", {class: isZone ? "zone" : "line"});
  group.append(
    ...outline(pathOf(shape.points, isZone), color, isZone ? "zone" : ""),
    ...(isZone ? [] : arrows(shape, color)),
    ...handles(shape, color),
  );
  const top = shape.points.reduce((a, b) => (b[1] < a[1] ? b : a));
  const isAtTop = top[1] < 30 * scale();
  const name = writing(
    shape.name,
    [top[0] + 10 * scale(), top[1] + (isAtTop ? 18 : -16) * scale()],
    color,
    top[0] > 0.8 * WIDTH ? "end" : "start",
  );
  group.append(name);
  return group;
}

function draw() {
  svg.replaceChildren(...shapes.map(drawn));
  if (!draft.length) return;
  const color = COLORS[shapes.length % COLORS.length];
  const points = pointer ? [...draft, pointer] : draft;
  svg.append(...outline(pathOf(points), color, "draft"));
  svg.append(...draft.map(([cx, cy]) => element("circle", {
    cx, cy, r: 6 * scale(), fill: color, "stroke-width": scale(),
  })));
}

function input(value, label, className, take) {
  const field = document.createElement("input");
  Object.assign(field, {value, className, ariaLabel: label});
  field.addEventListener("input", () => {
    take(field.value);
    isSaved = false;
    draw();
  });
  return field;
}

function entry(shape) {
  const box = document.createElement("fieldset");
  box.style.setProperty("--color", colorOf(shape));
  const remove = document.createElement("button");
  remove.textContent = "Remove";
  remove.addEventListener("click", () => {
    shapes = shapes.filter((other) => other !== shape);
    changed();
  });
  const rename = (value) => { shape.name = value; };
  box.append(input(shape.name, "name", "name", rename), remove);
  if (shape.kind === "lines") box.append(...[0, 1].map(way.bind(0, shape)));
  return box;
}

function way(shape, index) {
  const label = document.createElement("label");
  label.className = "way";
  const arrow = document.createElement("span");
  const [x, y] = normal(shape.points);
  const angle = Math.atan2(y, x) + (index ? Math.PI : 0);
  arrow.className = "turned";
  arrow.textContent = "\u2192";
  arrow.style.transform = `rotate(${angle}rad)`;
  const take = (value) => { shape.directions[index] = value; };
  label.append(arrow, input(shape.directions[index], "direction", "", take));
  return label;
}

function move({shape, index}, point) {
  const isUsual = shape.directions &&
    String(shape.directions) === String(usual(shape.points));
  shape.points[index] = point;
  if (isUsual) shape.directions = usual(shape.points);
  changed();
}

function close() {
  if (mode === "zones" && draft.length > 2) add("zones", draft);
}

svg.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  event.preventDefault();
  document.activeElement?.blur();
  const point = place(event), last = draft[draft.length - 1];
  if (mode === "zones" && draft.length > 2 && isNear(point, draft[0])) {
    close();
    return;
  }
  if (last && isNear(point, last)) return;  // A double click.
  draft.push(point);
  if (mode === "lines" && draft.length === 2) add("lines", draft);
  draw();
});
// Else it would take the focus from the new name.
svg.addEventListener("mousedown", (event) => event.preventDefault());
svg.addEventListener("pointermove", (event) => {
  pointer = place(event);
  if (dragged) move(dragged, pointer);
  else if (draft.length) draw();
});
svg.addEventListener("pointerup", () => { dragged = null; });
svg.addEventListener("pointercancel", () => { dragged = null; });

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter") close();
  if (event.key === "Escape") draft = [];
  draw();
});
window.addEventListener("resize", draw);
window.addEventListener("beforeunload", (event) => {
  if (!isSaved) event.preventDefault();
});

function choose(chosen) {
  mode = chosen;
  draft = [];
  hint.textContent = HINTS[mode];
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", button.dataset.mode === mode);
  }
  draw();
}

for (const button of document.querySelectorAll("[data-mode]")) {
  button.addEventListener("click", () => choose(button.dataset.mode));
}

async function save() {
  const given = {lines: [], zones: []};
  for (const {kind, ...shape} of shapes) given[kind].push(shape);
  try {
    const answer = await fetch("/scene", {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify(given),
    });
    const {message} = await answer.json();
    told.textContent = message;
    told.className = answer.ok ? "good" : "bad";
    isSaved = answer.ok;
  } catch {
    told.textContent = "The program has ended: start it again to save.";
    told.className = "bad";
  }
}

async function load() {
  const scene = await (await fetch("/scene")).json();
  for (const kind of ["lines", "zones"]) {
    shapes.push(...scene[kind].map((shape) => ({kind, ...shape})));
  }
  changed();
  isSaved = true;
}

document.getElementById("save").addEventListener("click", save);
choose("lines");
load();
