"use strict";
(() => {
  const form = document.getElementById("filter");
  window.addEventListener("beforeprint", () => {
    for (const table of document.querySelectorAll("details.table")) table.open = true;
  });
  if (!form) return;
  const pages = [...document.querySelectorAll("details.page")];
  const choices = ["extractor", "kind", "outcome"];
  for (const name of choices) {
    for (const value of [...new Set(pages.map((page) => page.dataset[name]))].sort()) {
      form.elements[name].add(new Option(value, value));
    }
  }
  const filter = () => {
    const words = form.elements.words.value.trim().toLowerCase();
    let shown = 0;
    for (const page of pages) {
      const fits =
        choices.every((name) => !form.elements[name].value || form.elements[name].value === page.dataset[name]) &&
        (!words || page.textContent.toLowerCase().includes(words));
      page.hidden = !fits;
      shown += fits;
    }
    form.elements.shown.value = `${shown} of ${pages.length}`;
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
