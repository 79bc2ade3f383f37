"use strict";
// What two labellers dispute on a page, side by side, and who is right.

const $ = (id) => document.getElementById(id);
const bar = $("bar"), at = path(bar.dataset.id);
const names = [bar.dataset.a, bar.dataset.b];
const query = `?${new URLSearchParams({ a: names[0], b: names[1] })}`;
const CHOICES = ["first", "second", "maybe"];
let state = null, current = 0, queue = Promise.resolve();

function say(message, isBad = false) {
  $("status").textContent = message;
  $("status").classList.toggle("bad", isBad);
}

function show(place = true) {
  const items = [...$("disputes").children];
  items.forEach((item, number) => {
    item.classList.toggle("current", number === current);
    const choice = state.choices[number] || "";
    for (const button of item.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.choice === choice));
  });
  const decided = Object.keys(state.choices).length;
  const kinds = state.disputes.filter((one) => one.kinds).length;
  const more = kinds ? `, ${kinds} by kind only` : "";
  $("count").textContent = `${state.disputes.length - kinds} disputed${more}, ${decided} decided`;
  if (!items.length || !place) return;
  items[current].scrollIntoView({ block: "nearest" });
  items[current].querySelector("button").focus({ preventScroll: true });
  const block = state.disputes[current].block;
  if (block >= 0) document.querySelector("iframe").contentWindow.location.replace(`${bar.dataset.page}#${bar.dataset.anchor}${block}`);
}

function build() {
  $("disputes").replaceChildren(...state.disputes.map((one, number) => {
    const buttons = CHOICES.slice(0, one.kinds ? 2 : 3).map((choice, place) => {
      const said = choice === "maybe" ? ["maybe", ""] : one[choice];
      const who = choice === "maybe" ? "undecided" : names[place];
      const button = element("button", { type: "button", "data-choice": choice, class: said[0], "aria-pressed": "false" },
        element("span", { class: "who" }, who), element("b", {}, said[0]), ` ${said[1]} `, element("kbd", {}, String(place + 1)));
      button.addEventListener("click", () => { current = number; choose(choice); });
      return button;
    });
    const item = element("li", { class: one.kinds ? "kinds" : "" }, element("blockquote", { dir: "auto" }, one.text), element("div", { class: "choices", role: "group", "aria-label": `decision ${number + 1}` }, ...buttons));
    item.addEventListener("click", (event) => { if (!event.target.closest("button")) { current = number; show(); } });
    return item;
  }));
  if (!state.disputes.length) $("disputes").append(element("li", {}, "They dispute nothing."));
}

function save() {
  queue = queue.then(async () => {
    const asked = { version: state.version, choices: state.choices };
    const saved = await ask(`/api/agree/${at}${query}`, asked);
    state.version = saved.version;
    say("saved");
  }).catch(async (error) => {
    say(error.message, true);
    if (error.code === 409) { state = await ask(`/api/agree/${at}${query}`); show(false); }
  });
  return queue;
}

function choose(choice) {
  if (state.disputes[current].kinds && choice === "maybe") { say("a kind is the first one's or the second one's", true); return; }
  state.choices[current] = choice;
  save();
  step(1);
}

function step(by) {
  const shown = (number) => $("with-kinds").checked || !state.disputes[number].kinds;
  let next = current + by;
  while (next >= 0 && next < state.disputes.length && !shown(next)) next += by;
  if (next >= 0 && next < state.disputes.length) current = next;
  show();
}

// Verdicts come first: they are what scores depend on. Without one in dispute, kinds are shown at once.
function filter() {
  $("disputes").classList.toggle("without-kinds", !$("with-kinds").checked);
  if (state.disputes.length && state.disputes[current].kinds && !$("with-kinds").checked) current = 0;
  show(false);
}

document.addEventListener("keydown", (event) => {
  if (!state || event.ctrlKey || event.metaKey || event.altKey) return;
  const work = { j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1), 1: () => choose("first"), 2: () => choose("second"), 3: () => choose("maybe") }[event.key];
  if (work && state.disputes.length) { event.preventDefault(); work(); }
  if (event.key === "Enter" && !event.target.closest("button, a")) save();
});
$("write").addEventListener("click", save);
$("with-kinds").addEventListener("change", filter);

(async () => {
  state = await ask(`/api/agree/${at}${query}`);
  build();
  if (state.blocked) { say("there is a golden of this name that was not made of these two: remove it to write one", true); $("write").disabled = true; } else say("");
  $("kinds-too").hidden = !state.disputes.some((one) => one.kinds);
  $("with-kinds").checked = state.disputes.length > 0 && state.disputes[0].kinds;
  filter();
  show();
  document.body.dataset.open = "yes";
})().catch((error) => say(error.message, true));
