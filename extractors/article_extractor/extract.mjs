/* article-extractor: Mozilla's Readability on linkedom, with clean-up before and after. It returns HTML, and nothing for
texts of less than 200 characters. */

import { extractFromHtml } from "@extractus/article-extractor";

const NO_SITE = "https://page.invalid/"; // it extracts nothing from a page that has no address at all

export default async function extract(page) {
  if (!page.html.trim()) return "";
  const article = await extractFromHtml(page.html, page.url ?? NO_SITE);
  return article?.content ?? "";
}
