/* Mozilla's Readability, the code behind Firefox's reader view. It returns HTML and needs a DOM: jsdom, as its own
documentation has it, or linkedom. */

import { Readability } from "@mozilla/readability";

import { PARSERS } from "./dom.mjs";

export default async function extract(page, { dom = "jsdom" } = {}) {
  if (!page.html.trim()) return "";
  const { document, close } = await PARSERS[dom](page);
  try {
    const article = new Readability(document).parse();
    return article?.content ?? "";
  } finally {
    close();
  }
}
