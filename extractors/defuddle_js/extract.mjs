/* Defuddle, the extractor of the Obsidian web clipper. It returns HTML and needs a DOM: linkedom, which it brings
itself under Node, or jsdom. */

import { Defuddle } from "defuddle/node";

import { PARSERS } from "./dom.mjs";

export default async function extract(page, { dom = "linkedom" } = {}) {
  if (!page.html.trim()) return "";
  const { document, close } = await PARSERS[dom](page);
  try {
    // `useAsync` would ask services on the network where a page itself has no content.
    const { content } = await Defuddle(document, page.url ?? undefined, { useAsync: false });
    return content ?? "";
  } finally {
    close();
  }
}
