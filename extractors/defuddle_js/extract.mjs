/* Defuddle, the extractor of the Obsidian web clipper: removes clutter instead of picking one element. Its HTML is made
text by html-to-text. It needs a DOM: linkedom, which it uses itself under Node, or jsdom, which is several times slower. */

import { Defuddle } from "defuddle/node";

import { blockText } from "./blocktext.mjs";

const PARSERS = {
  async linkedom(html) {
    const { parseHTML } = await import("linkedom");
    // linkedom adds no `html` and `body` where a page leaves them out, as HTML permits.
    return parseHTML(/<html[\s>]/i.test(html) ? html : `<html><body>${html}</body></html>`).document;
  },
  async jsdom(html, url) {
    const { JSDOM, VirtualConsole } = await import("jsdom");
    // No `resources` and no `runScripts`: jsdom then neither fetches nor executes. The console is one that nobody reads.
    return new JSDOM(html, { url: url ?? undefined, virtualConsole: new VirtualConsole() }).window.document;
  },
};

export default async function extract(page, { dom = "linkedom" } = {}) {
  if (!page.html.trim()) return "";
  const document = await PARSERS[dom](page.html, page.url);
  try {
    // `useAsync` would ask services on the network where a page itself has no content.
    const { content } = await Defuddle(document, page.url ?? undefined, { useAsync: false });
    return blockText(content ?? "");
  } finally {
    if (dom === "jsdom") document.defaultView.close();
  }
}
