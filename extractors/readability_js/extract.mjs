/* Mozilla's Readability, the code behind Firefox's reader view: the best-scored element and its siblings, made text by
html-to-text. It needs a DOM: jsdom, as its own documentation has it, or linkedom, which is several times faster. */

import { Readability } from "@mozilla/readability";

import { blockText } from "./blocktext.mjs";

const PARSERS = {
  async jsdom(html, url) {
    const { JSDOM, VirtualConsole } = await import("jsdom");
    // No `resources` and no `runScripts`: jsdom then neither fetches nor executes. The console is one that nobody reads.
    return new JSDOM(html, { url: url ?? undefined, virtualConsole: new VirtualConsole() }).window.document;
  },
  async linkedom(html) {
    const { parseHTML } = await import("linkedom");
    // linkedom adds no `html` and `body` where a page leaves them out, as HTML permits.
    return parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`).document;
  },
};

export default async function extract(page, { dom = "jsdom" } = {}) {
  if (!page.html.trim()) return "";
  const document = await PARSERS[dom](page.html, page.url);
  try {
    const article = new Readability(document).parse();
    return article ? blockText(article.content) : "";
  } finally {
    if (dom === "jsdom") document.defaultView.close();
  }
}
