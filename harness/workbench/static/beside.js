"use strict";
// What a golden says beside the labels of blocks: facts, and labels of text that no browser renders.

function openPart(id, field) {
  const part = $(id), other = $(id === "facts" ? "beside" : "facts");
  part.open = !part.open;
  other.open = false;
  if (part.open) { $(field).focus(); part.scrollIntoView({ block: "nearest" }); } else $("blocks").focus();
}

// Facts

function showFacts() {
  $("facts-number").textContent = state.facts.length ? `(${state.facts.length})` : "";
  $("facts-list").replaceChildren(...state.facts.map(([row, text]) => {
    const button = element("button", { type: "button", "aria-label": `Remove: ${text}` }, "Remove");
    button.addEventListener("click", () => changeFact({ remove: row }));
    return element("li", {}, element("bdi", {}, text), button);
  }));
}

function changeFact(change, done = () => {}) {
  enqueue(async () => {
    take(await ask(`/api/fact/${at}`, { version: state.version, seconds: worked(), ...change }));
    done();
    say("saved");
  });
}

function fitFact() {
  const category = $("fact-category").value;
  for (const field of document.querySelectorAll("#fact [data-for]")) field.hidden = field.dataset.for !== category;
  $("fact-label").textContent = { order: "texts, a line for each", cell: "text of the cell", code: "lines of code" }[category] || "text";
}

$("fact-category").addEventListener("change", fitFact);
$("fact").addEventListener("submit", (event) => {
  event.preventDefault();
  const category = $("fact-category").value, written = $("fact-text").value;
  const texts = category === "order" ? written.split("\n").filter((line) => line.trim()) : [category === "code" ? written : written.trim()];
  const change = { category, texts };
  if (category === "repeat") change.times = Number($("fact-times").value);
  if (category === "cell") {
    const fields = [...document.querySelectorAll("#fact [data-for=cell] input")];
    change.neighbours = Object.fromEntries(fields.map((field) => [field.id.replace("fact-", ""), field.value.trim()]));
  }
  changeFact(change, () => { $("fact-text").value = ""; });
});
$("facts").addEventListener("toggle", () => {
  const selected = selectedText();
  if ($("facts").open && selected && !$("fact-text").value) $("fact-text").value = selected;
});
fitFact();

// Text that no browser renders

async function showBeside() {
  const found = await ask(`/api/beside/${at}`);
  $("beside-none").hidden = found.length > 0;
  const focused = document.activeElement.id;
  $("beside-list").replaceChildren(...found.map((one, number) => {
    const buttons = ["keep", "maybe", "drop"].map((verdict) => {
      const button = element("button", { type: "button", id: `beside-${number}-${verdict}`, class: verdict, "aria-pressed": String(one.verdict === verdict) }, verdict);
      button.addEventListener("click", () => labelBeside(number, verdict));
      return button;
    });
    const where = [...new Set([one.source, one.name, one.kind])].filter(Boolean).join(" ");
    const text = one.text.length > 300 ? `${one.text.slice(0, 300)}…` : one.text;
    return element("li", {}, element("bdi", {}, text), element("span", { class: "quiet" }, where),
      element("span", { role: "group", "aria-label": `Verdict of text ${number + 1}` }, ...buttons));
  }));
  if (focused && $(focused)) $(focused).focus();
}

function labelBeside(number, verdict) {
  enqueue(async () => {
    take(await ask(`/api/beside/${at}`, { version: state.version, seconds: worked(), number, verdict }));
    await showBeside();
    say("saved");
  });
}

$("beside-list").tabIndex = -1;
$("beside").addEventListener("toggle", () => { if ($("beside").open) showBeside().catch((error) => say(error.message, true)); });
