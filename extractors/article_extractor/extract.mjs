/* article-extractor: Mozilla's Readability on linkedom, with clean-up before and after. Its HTML is made text by
html-to-text. Without the page's address it finds less. */

import { extractFromHtml } from "@extractus/article-extractor";

import { blockText } from "./blocktext.mjs";

export default async function extract(page) {
  if (!page.html.trim()) return "";
  const article = await extractFromHtml(page.html, page.url ?? "");
  return blockText(article?.content ?? "");
}
