"use strict";
// One page of a run: which extractors are shown, and the pages before and after it in the list that it was opened from.

const $ = (id) => document.getElementById(id);

function showChosen() {
  const a = $("a").value, b = $("b").value === a ? "" : $("b").value;
  document.querySelector("main").classList.toggle("two", Boolean(b));
  const main = document.querySelector("main");
  for (const name of [a, b]) {
    const panel = [...document.querySelectorAll(".output")].find((one) => one.dataset.extractor === name);
    if (panel) main.append(panel);
  }
  for (const panel of document.querySelectorAll(".output")) panel.hidden = ![a, b].includes(panel.dataset.extractor);
}

function choose() {
  const wanted = new URLSearchParams($("b").value ? { a: $("a").value, b: $("b").value } : { a: $("a").value });
  const there = new Set([...document.querySelectorAll(".output")].map((panel) => panel.dataset.extractor));
  if (there.has($("a").value) && (!$("b").value || there.has($("b").value)) && there.size > 2) {
    history.replaceState(null, "", `#${wanted}`);
    showChosen();
  } else {
    location.search = wanted;
  }
}

if (location.hash.length > 1) {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const key of ["a", "b"]) if (given.has(key)) $(key).value = given.get(key);
  showChosen();
}
for (const key of ["a", "b"]) $(key).addEventListener("change", choose);

let pages = [];
try { pages = JSON.parse(sessionStorage.getItem("pages") || "[]"); } catch { pages = []; }
const bare = (address) => new URL(address.replace(/^pages\//, ""), location).pathname;
const place = pages.findIndex((address) => bare(address) === location.pathname);
for (const [id, other] of [["previous", place - 1], ["next", place + 1]]) {
  if (place >= 0 && pages[other]) {
    $(id).href = pages[other].replace(/^pages\//, "");
    $(id).hidden = false;
  }
}
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const id = { j: "next", n: "next", k: "previous", p: "previous" }[event.key];
  if (id && !$(id).hidden) $(id).click();
  if (event.key === "Escape") $("back").click();
});
