"use strict";
// The labelling screen. The server knows what labels say; this file shows it and asks for changes, one after the other.

const $ = (id) => document.getElementById(id);
const bar = $("bar"), id = bar.dataset.id, at = path(id);
const frames = [...document.querySelectorAll("section.page iframe")];
// Clicks on the page are heard by this tab only.
const tab = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const VERDICTS = { k: "keep", m: "maybe", d: "drop" };
const CONTENT = new Set(["body", "heading", "list", "table", "code", "quote", "post", "item", "spec"]);
const CODES = Object.fromEntries([...$("kind").options].map((option) => [option.dataset.code, option.value]));
const IDLE = 60_000; // milliseconds without a key or a click after which nobody is at work

let blocks = [], elements = [], spans = [], anchor = "", guide = {}, pageGuide = {};
let state = null, votes = null, rows = [];
let current = 0;          // the block
let around = -1;          // the element that is chosen around it; -1: that of the block
let from = 0, to = 0;     // the blocks of a range
let places = [], place = 0;
let drawn = "", draws = 0, drawing = 0;
let seconds = 0, lastInput = Date.now();
let letters = null;       // of a kind that is being typed
let queue = Promise.resolve();

// What is chosen

function chosenElements() {
  if (from !== to) return range(from, to).map((number) => blocks[number][0]);
  return [around >= 0 ? around : blocks[current][0]];
}

function chosenBlocks() {
  if (from !== to) return [from, to];
  return around >= 0 ? spans[around] : [current, current];
}

function range(first, last) { return Array.from({ length: last - first + 1 }, (_, place) => first + place); }

function choose(number, { extend = false, element: chosen = -1 } = {}) {
  if (!blocks.length) return;
  number = Math.max(0, Math.min(blocks.length - 1, number));
  if (extend) {
    const fixed = current === from ? to : from;
    const other = from === to ? current : fixed;
    [from, to] = [Math.min(other, number), Math.max(other, number)];
  } else {
    from = to = number;
  }
  current = number;
  around = chosen;
  place = 0;
  show();
}

function isSame(one, other) { return one[0] === other[0] && one[1] === other[1]; }

// The elements around the block, each with more blocks than the one before. The block alone, without blocks in it, is none.
function chain() {
  const found = [];
  let last = [current, current];
  for (let number = blocks[current][0]; number >= 0; number = elements[number][0]) {
    if (!isSame(spans[number], last)) { found.push(number); last = spans[number]; }
  }
  return found;
}

function out() {
  const found = chain(), next = found[found.indexOf(around) + 1];
  if (next !== undefined) choose(current, { element: next });
}

function inwards() {
  const found = chain(), place = found.indexOf(around);
  if (place >= 0) choose(current, { element: place ? found[place - 1] : -1 });
}

// Whether the block is meant without the blocks in it.
function isAlone() { return from === to && around < 0 && !isSame(spans[blocks[current][0]], [current, current]); }

function step(by, extend) {
  let number = current + by;
  const undecided = $("only-undecided").checked && votes && !extend ? new Set(votes.undecided) : null;
  const wanted = $("search").value.trim().toLowerCase();
  const fits = (one) => (!undecided || undecided.has(one)) && (!wanted || blocks[one][1].toLowerCase().includes(wanted));
  while (number >= 0 && number < blocks.length && !fits(number)) number += by;
  if (number >= 0 && number < blocks.length) choose(number, { extend });
}

function nextUndecided() {
  if (!votes || !votes.undecided.length) return;
  const later = votes.undecided.find((number) => number > current);
  choose(later === undefined ? votes.undecided[0] : later);
}

// Changes

function enqueue(work) {
  queue = queue.then(work).catch(async (error) => {
    say(error.message, true);
    if (error.code === 409) take(await ask(`/api/state/${at}`));
  });
  return queue;
}

function worked() {
  const spent = seconds;
  seconds = 0;
  return spent;
}

function selectedText() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !$("text").contains(selection.anchorNode)) return "";
  const text = selection.toString().trim();
  return text === $("text").textContent.trim() ? "" : text;
}

function fittingKind(verdict, kind) {
  if (verdict === "keep") return kind === "other" || ["navigation", "interface", "sidebar"].includes(kind) ? "body" : kind;
  if (verdict === "drop") return CONTENT.has(kind) && kind !== "quote" ? "other" : kind;
  return kind === "other" ? "body" : kind;
}

function label({ verdict = null, kind = null, advance = false }) {
  const wanted = chosenElements(), text = selectedText(), alone = isAlone();
  const first = chosenBlocks()[0], block = current;
  const named = places[place] && place > 0 ? places[place].place : "";
  const note = $("note").value.trim();
  enqueue(async () => {
    const before = VERDICTS[state.verdicts[block]], kindNow = state.kinds[block];
    const chosen = verdict || before;
    const asked = { version: state.version, seconds: worked(), elements: wanted, alone, text, place: named, note,
      verdict: chosen, kind: kind || fittingKind(chosen, kindNow) };
    take(await ask(`/api/label/${at}`, asked));
    $("note").value = "";
    say("saved");
  });
  if (advance && !text) {
    const end = chosenBlocks()[1];
    current = Math.max(current, end);
    if ($("only-undecided").checked) nextUndecided(); else if (current + 1 < blocks.length) choose(current + 1);
    else choose(first);
  }
}

function undo(by) {
  enqueue(async () => { take(await ask(`/api/step/${at}`, { version: state.version, by })); say(by < 0 ? "undone" : "done again"); });
}

function setValue(key, value) {
  enqueue(async () => { take(await ask(`/api/value/${at}`, { version: state.version, key, value })); say("saved"); });
}

function confirmPage() {
  enqueue(async () => {
    take(await ask(`/api/confirm/${at}`, { version: state.version, seconds: worked() }));
    say("confirmed");
    if (state.mistakes.length) say("confirmed, but not finished: see the list", true);
    else go(bar.dataset.next);
  });
}

function go(other) { if (other) location.assign(`/label/${path(other)}`); }

// What is shown

function say(message, isBad = false) {
  $("status").textContent = message;
  $("status").classList.toggle("bad", isBad);
}

function take(next) {
  const before = state;
  state = next;
  $("undo").disabled = !state.undo;
  $("redo").disabled = !state.redo;
  $("page-kind").value = state.kind;
  $("no-main").checked = !state.main;
  const mixed = new Set(state.mixed);
  for (let number = 0; number < rows.length; number += 1) {
    const [verdict, kind] = [state.verdicts[number], state.kinds[number]];
    const isSame = before && before.verdicts[number] === verdict && before.kinds[number] === kind;
    if (isSame && before.mixed.includes(number) === mixed.has(number)) continue;
    const row = rows[number];
    row.className = `block ${VERDICTS[verdict]}`;
    row.lastChild.textContent = mixed.has(number) ? `${kind} …` : kind;
    row.firstChild.textContent = VERDICTS[verdict];
  }
  showFacts();
  const mistakes = state.mistakes.slice(0, 3);
  $("mistakes").hidden = !mistakes.length;
  $("mistakes").textContent = mistakes.join("\n");
  show(true);
}

function show(changed = false) {
  if (!state || !blocks.length) return;
  const [first, last] = chosenBlocks();
  for (const row of document.querySelectorAll(".block[aria-selected=true]")) row.setAttribute("aria-selected", "false");
  for (let number = first; number <= last; number += 1) rows[number].setAttribute("aria-selected", "true");
  $("blocks").setAttribute("aria-activedescendant", rows[current].id);
  rows[current].scrollIntoView({ block: "nearest" });
  const verdict = VERDICTS[state.verdicts[current]], kind = state.kinds[current];
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", String(button.dataset.verdict === verdict));
  }
  $("kind").value = kind;
  const wanted = range(first, Math.min(last, first + 40)).map((number) => blocks[number][1]).join("\n");
  if ($("text").textContent !== wanted) $("text").textContent = wanted;
  showVotes();
  showGuide(verdict, kind);
  showPlaces();
  draw(changed);
}

function showVotes() {
  const share = votes && votes.voters.length ? votes.shares[current] : null;
  $("votes").textContent = share === null ? "" : `returned by ${Math.round(100 * share)}% of ${votes.voters.length} extractors`;
}

function showGuide(verdict, kind) {
  const chosen = guide[kind] || [];
  const key = `${state.kind} ${kind}`;
  if ($("guide").dataset.shown === key) return;
  $("guide").dataset.shown = key;
  $("about-kind").textContent = $("kind").selectedOptions[0] ? ABOUT[kind] || "" : "";
  const rowsOfGuide = chosen.map(([text, said, why]) => element("li", {}, element("b", {}, text), `: ${said}. `, element("span", { class: "quiet" }, why)));
  const page = pageGuide[state.kind];
  const first = page ? [element("li", {}, element("b", {}, `On a page of the kind ${state.kind}`), `: keep ${page[0]}; maybe ${page[1]}; drop ${page[2]}.`)] : [];
  $("guide-rows").replaceChildren(element("ul", {}, ...first, ...rowsOfGuide));
}

let placesOf = "";
async function showPlaces() {
  const wanted = chosenElements(), alone = isAlone(), key = `${wanted.join()} ${alone}`;
  if (key === placesOf) { markPlace(); return; }
  placesOf = key;
  places = [];
  $("candidates").replaceChildren(element("span", { class: "quiet" }, "…"));
  await new Promise((resolve) => setTimeout(resolve, 60));
  if (placesOf !== key) return;
  try {
    const found = await ask(`/api/candidates/${at}`, { elements: wanted, alone });
    if (placesOf !== key) return;
    places = found;
  } catch (error) { say(error.message, true); return; }
  $("candidates").replaceChildren(...places.map((one, number) => {
    const input = element("input", { type: "radio", name: "place", value: number });
    input.addEventListener("change", () => { place = number; markPlace(); });
    const hits = one.others ? `${one.matches} matches, ${one.others} more than chosen` : `${one.matches} ${one.matches === 1 ? "match" : "matches"}`;
    return element("label", { class: "place" }, input, element("code", {}, one.place), element("span", { class: one.others ? "hits more" : "hits" }, hits));
  }));
  markPlace();
}

function markPlace() {
  const inputs = $("candidates").querySelectorAll("input");
  if (inputs[place]) inputs[place].checked = true;
}

// The page. A frame without scripts and without an origin cannot be changed from here: it is drawn again in the other frame,
// which takes its place when it is there.

function draw(changed) {
  const [first, last] = chosenBlocks();
  const several = last > first ? `&from=${first}&to=${last}` : "";
  if (changed) draws += 1;
  const address = `/page/${at}?tab=${tab}&draw=${draws}${several}`;
  const fragment = `#${anchor}${current}`;
  if (address === drawn) {
    frames[0].contentWindow.location.replace(address + fragment);
    return;
  }
  drawn = address;
  const turn = drawing += 1;
  setTimeout(() => {
    if (turn !== drawing) return;
    const hidden = frames[1];
    hidden.onload = () => {
      if (turn !== drawing) return;
      hidden.onload = null;
      frames.reverse();
      frames[0].classList.add("shown");
      frames[0].removeAttribute("aria-hidden");
      frames[1].classList.remove("shown");
      frames[1].setAttribute("aria-hidden", "true");
      frames[0].contentWindow.location.replace(`${drawn}#${anchor}${current}`);
      document.body.dataset.drawn = String(turn);
    };
    hidden.src = `${drawn}#${anchor}${current}`;
  }, 40);
}

async function listen() {
  let number = -1;
  for (;;) {
    try {
      const heard = await ask(`/api/picked?tab=${tab}${number < 0 ? "" : `&after=${number}`}`);
      number = heard.number;
      if (heard.block !== null && heard.block < blocks.length) {
        choose(heard.block);
        window.focus();
        $("blocks").focus();
      }
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

// Keys

const KEYS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  J: () => step(1, true), K: () => step(-1, true),
  h: out, ArrowLeft: out, l: inwards, ArrowRight: inwards,
  y: () => label({ verdict: "keep", advance: true }),
  m: () => label({ verdict: "maybe", advance: true }),
  x: () => label({ verdict: "drop", advance: true }),
  i: () => { letters = ""; say("kind: two letters"); },
  a: () => { if (places.length) { place = (place + 1) % places.length; markPlace(); } },
  ".": nextUndecided,
  u: () => undo(-1), U: () => undo(1),
  n: () => go(bar.dataset.next), p: () => go(bar.dataset.previous),
  c: () => $("note").focus(), "/": () => $("search").focus(),
  g: () => { $("guide").open = !$("guide").open; },
  f: () => openPart("facts", "fact-text"), b: () => openPart("beside", "beside-list"),
  "?": () => $("help").showModal(),
  Enter: confirmPage,
};

function onKey(event) {
  lastInput = Date.now();
  if ($("help").open) return;
  if (event.key === "Escape") { letters = null; say(""); $("blocks").focus(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping(event)) {
      event.preventDefault();
      undo(event.shiftKey ? 1 : -1);
    }
    return;
  }
  if (event.target.closest("#facts, #beside") && event.target.id !== "blocks") return; // keys of these parts are their own
  if (isTyping(event)) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); $("blocks").focus(); }
    return;
  }
  if (letters !== null && /^[a-z]$/.test(event.key)) {
    event.preventDefault();
    letters += event.key;
    if (letters.length < 2) { say(`kind: ${letters}_`); return; }
    const kind = CODES[letters];
    letters = null;
    if (kind) label({ kind }); else say("no kind has these letters", true);
    return;
  }
  if (event.key === "Enter" && event.target.closest("button, a, summary")) return;
  const work = event.shiftKey && event.key.startsWith("Arrow")
    ? { ArrowDown: () => step(1, true), ArrowUp: () => step(-1, true) }[event.key]
    : KEYS[event.key];
  if (!work) return;
  event.preventDefault();
  work();
}

function filterRows() {
  const wanted = $("search").value.trim().toLowerCase();
  const undecided = $("only-undecided").checked && votes ? new Set(votes.undecided || []) : null;
  rows.forEach((row, number) => {
    row.hidden = Boolean((wanted && !blocks[number][1].toLowerCase().includes(wanted)) || (undecided && !undecided.has(number)));
  });
}

function shade() {
  const undecided = new Set(votes.undecided);
  rows.forEach((row, number) => {
    row.style.setProperty("--share", votes.shares[number]);
    row.classList.toggle("undecided", undecided.has(number));
    row.dataset.undecided = undecided.has(number) ? "yes" : "";
  });
  $("undecided-number").textContent = String(votes.undecided.length);
}

const ABOUT = {};

async function open() {
  const found = await ask(`/api/layout/${at}`);
  ({ blocks, elements, spans, anchor, guide } = found);
  pageGuide = found.page_guide;
  Object.assign(ABOUT, found.about);
  const depth = [];
  elements.forEach(([parent], number) => { depth[number] = parent < 0 ? 0 : depth[parent] + 1; });
  rows = blocks.map(([, text, isHidden], number) => {
    const shown = text.length > 160 ? `${text.slice(0, 160)}…` : text;
    const row = element("li", { role: "option", id: `block-${number}`, class: "block", "aria-selected": "false" },
      element("span", { class: "verdict" }, ""), element("bdi", {}, isHidden ? `(hidden) ${shown}` : shown), element("span", { class: "kind" }, ""));
    row.addEventListener("click", (event) => {
      choose(number, { extend: event.shiftKey });
      if (event.ctrlKey || event.metaKey) label({ verdict: state.verdicts[number] === "k" ? "drop" : "keep" });
      $("blocks").focus({ preventScroll: true });
    });
    return row;
  });
  $("blocks").replaceChildren(...rows);
  take(found.state);
  $("blocks").focus();
  say(state.labelled ? `labelled by ${state.labelled}` : state.saved ? "" : "a draft: nothing is saved yet");
  document.body.dataset.open = "yes";
  listen();
  if (document.body.dataset.blind) return;
  say("asking extractors …");
  const heard = await ask(`/api/votes/${at}`);
  document.body.dataset.voted = "yes";
  if (!heard.voters.length) { say("too few extractors return text of this page"); return; }
  votes = heard;
  enqueue(async () => {
    if (!state.saved) take(heard.state);
    shade();
    show();
    say(state.saved ? "" : `a draft of ${votes.voters.join(", ")}; ${votes.undecided.length} undecided`);
  });
}

document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", () => { lastInput = Date.now(); });
setInterval(() => { if (document.visibilityState === "visible" && Date.now() - lastInput < IDLE) seconds += 1; }, 1000);
for (const button of document.querySelectorAll("[data-verdict]")) {
  button.addEventListener("click", () => label({ verdict: button.dataset.verdict }));
}
$("kind").addEventListener("change", () => { label({ kind: $("kind").value }); $("blocks").focus(); });
$("page-kind").addEventListener("change", () => { setValue("kind", $("page-kind").value); $("blocks").focus(); });
$("no-main").addEventListener("change", () => setValue("main", $("no-main").checked ? "none" : ""));
$("undo").addEventListener("click", () => undo(-1));
$("redo").addEventListener("click", () => undo(1));
$("confirm").addEventListener("click", confirmPage);
$("help-button").addEventListener("click", () => $("help").showModal());
$("search").addEventListener("input", filterRows);
$("only-undecided").addEventListener("change", () => { filterRows(); if ($("only-undecided").checked) { current = -1; nextUndecided(); } $("blocks").focus(); });
open().catch((error) => say(error.message, true));
