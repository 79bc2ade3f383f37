"use strict";
// The pages of a run: filtered, sorted, compared. What is chosen stands in the address, so that it can be kept and sent.

const $ = (id) => document.getElementById(id);
const data = { ...JSON.parse($("data").textContent), ...JSON.parse($("addresses").textContent) };
const EACH = 200; // rows that are added at a time
const cells = new Map(); // by page and extractor
for (const row of data.rows) cells.set(`${row[0]} ${row[1]}`, row);

const asked = { a: data.lead, b: "", metric: data.metric, filter: "", sort: "", down: "" };
let listed = [], shown = 0;

function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(asked)) if (given.has(key)) asked[key] = given.get(key);
}

function writeAddress() {
  const kept = Object.entries(asked).filter(([, value]) => value !== "");
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}

function score(row, metric) {
  const place = data.metrics.indexOf(metric);
  return row && place >= 0 ? row[3][place] : null;
}

// One word of the filter as a test of a page, or null for a word that means nothing.
function test(word) {
  const turned = word.length > 1 && word.startsWith("-");
  const plain = turned ? word.slice(1) : word;
  const found = testOf(plain);
  return found && turned ? (page) => !found(page) : found;
}

function testOf(word) {
  const compared = /^([^<>=:]+)(<=|>=|<|>|=)(-?\d*\.?\d+)$/.exec(word);
  if (compared) {
    const [, name, sign, text] = compared, limit = Number(text);
    if (name !== "diff" && !data.metrics.includes(name)) return null;
    return (page) => {
      const value = name === "diff" ? page.diff : score(page.rowA, name);
      if (value === null) return false;
      return { "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit, "=": Math.abs(value - limit) < 5e-4 }[sign];
    };
  }
  const [name, wanted] = word.split(/:(.*)/s);
  if (wanted === undefined) return (page) => page.about[0].toLowerCase().includes(word.toLowerCase());
  const tests = {
    kind: (page) => page.about[1] === wanted,
    lang: (page) => page.about[2] === wanted || page.about[2].split("-")[0] === wanted,
    site: (page) => page.about[3].includes(wanted),
    flag: (page) => page.about[4].includes(wanted),
    outcome: (page) => page.rowA[2] === wanted,
    leaks: (page) => wanted in page.rowA[4],
    misses: (page) => wanted in page.rowA[5],
  };
  return tests[name] || null;
}

function list() {
  const a = data.extractors.indexOf(asked.a), b = data.extractors.indexOf(asked.b);
  const words = asked.filter.split(/\s+/).filter(Boolean);
  const tests = words.map(test);
  const unknown = words.filter((_, place) => tests[place] === null);
  const pages = data.pages.map((about, number) => {
    const rowA = cells.get(`${number} ${a}`), rowB = cells.get(`${number} ${b}`);
    if (!rowA) return null;
    const first = score(rowA, asked.metric), second = score(rowB, asked.metric);
    return { number, about, rowA, rowB, first, second, diff: first === null || second === null ? null : first - second };
  }).filter((page) => page && tests.every((one) => one === null || one(page)));
  const keys = { page: (page) => page.about[0], kind: (page) => page.about[1], a: (page) => page.first, b: (page) => page.second, diff: (page) => page.diff };
  const by = asked.sort || (asked.b ? "diff" : "a"), key = keys[by], turn = asked.down ? -1 : 1;
  pages.sort((one, other) => {
    const [x, y] = [key(one), key(other)];
    if (x === null || y === null) return (x === null) - (y === null);
    return x === y ? one.number - other.number : turn * (x < y ? -1 : 1);
  });
  listed = pages;
  $("count").textContent = unknown.length
    ? `not understood: ${unknown.join(" ")}`
    : `${pages.length} of ${data.pages.length} pages${mean(pages)}`;
  $("count").classList.toggle("bad", unknown.length > 0);
  for (const button of document.querySelectorAll("[data-sort]")) {
    const isKey = button.dataset.sort === by;
    button.closest("th").setAttribute("aria-sort", isKey ? (asked.down ? "descending" : "ascending") : "none");
  }
  remember();
}

function mean(pages) {
  const values = pages.map((page) => page.first).filter((value) => value !== null);
  return values.length ? `, mean ${asked.metric} ${text(values.reduce((sum, value) => sum + value, 0) / values.length)}` : "";
}

// The pages in their order, for "next" and "previous" on the screen of one.
function remember() {
  try { sessionStorage.setItem("pages", JSON.stringify(listed.slice(0, 5000).map(address))); } catch { /* from disk, a browser may forbid it */ }
}

function text(value) {
  if (value === null) return "–";
  const plain = Math.abs(value).toFixed(3).replace(/^0/, "");
  return value <= -5e-4 ? `−${plain}` : plain;
}

function address(page) {
  const fragment = new URLSearchParams(asked.b ? { a: asked.a, b: asked.b } : { a: asked.a });
  return data.static ? `pages/${page.number}.html#${fragment}` : `${data.base}${page.about[0].split("/").map(encodeURIComponent).join("/")}?${fragment}`;
}

function most(words) { return Object.entries(words).slice(0, 2).map(([kind, number]) => `${kind} ${number}`).join(", "); }

function cell(content, isNumber) {
  const made = document.createElement("td");
  if (isNumber) made.className = "n";
  made.textContent = content;
  return made;
}

function add() {
  const rows = listed.slice(shown, shown + EACH).map((page) => {
    const row = document.createElement("tr"), head = document.createElement("th"), link = document.createElement("a");
    head.scope = "row";
    link.href = address(page);
    link.textContent = page.about[0];
    head.append(link);
    const outcome = page.rowA[2] === "ok" ? "" : `${page.rowA[2]} `;
    row.append(head, cell(page.about[1]), cell(outcome + text(page.first), true));
    if (asked.b) row.append(cell(text(page.second), true), cell(text(page.diff), true));
    row.append(cell(most(page.rowA[4])), cell(most(page.rowA[5])));
    return row;
  });
  document.querySelector("#pages tbody").append(...rows);
  shown += rows.length;
  $("more").hidden = shown >= listed.length;
}

function show() {
  writeAddress();
  for (const head of document.querySelectorAll("#pages .two")) head.hidden = !asked.b;
  $("head-a").textContent = asked.b ? `${asked.metric} of ${asked.a}` : asked.metric;
  $("head-b").textContent = `${asked.metric} of ${asked.b}`;
  list();
  document.querySelector("#pages tbody").replaceChildren();
  shown = 0;
  add();
}

function fill(select, names, value) {
  for (const name of names) select.append(new Option(name, name));
  select.value = value;
}

readAddress();
fill($("a"), data.extractors, asked.a);
fill($("b"), data.extractors, asked.b);
fill($("metric"), data.metrics, asked.metric);
$("filter").value = asked.filter;
for (const key of ["a", "b", "metric"]) $(key).addEventListener("change", () => { asked[key] = $(key).value; show(); });
let typing = 0;
$("filter").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => { asked.filter = $("filter").value.trim(); show(); }, 120); });
$("filter-form").addEventListener("submit", (event) => event.preventDefault());
for (const button of document.querySelectorAll("[data-sort]")) {
  button.addEventListener("click", () => {
    const isSame = (asked.sort || (asked.b ? "diff" : "a")) === button.dataset.sort;
    asked.down = isSame && !asked.down ? "yes" : "";
    asked.sort = button.dataset.sort;
    show();
  });
}
$("more").addEventListener("click", add);
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...document.querySelectorAll("#pages tbody a")], place = links.indexOf(document.activeElement);
  if (event.key === "/") { event.preventDefault(); $("filter").focus(); }
  if (event.key === "j" || event.key === "k") links[Math.max(0, place + (event.key === "j" ? 1 : -1))]?.focus();
});
show();

// A run that goes on: look now and then, and show what is new.
const run = $("run");
if (!run.dataset.finished && !data.static) {
  setInterval(async () => {
    if (document.visibilityState !== "visible") return;
    const now = await ask(`/api/runs/${encodeURIComponent(run.dataset.run)}`).catch(() => null);
    if (now && now.state !== run.dataset.state) location.reload();
  }, 4000);
}
