/* Postlight Parser, once Mercury: rules for some hundred sites, and a scorer of elements for all others. It returns
HTML. */

import Parser from "@postlight/parser";

const NO_SITE = "https://page.invalid/"; // it wants an address, from which it chooses the rules of a site

export default async function extract(page) {
  // Without HTML it would fetch the address, and by default it fetches the further pages of an article.
  if (!page.html.trim()) return "";
  const result = await Parser.parse(page.url ?? NO_SITE, {
    html: page.html,
    contentType: "html",
    fetchAllPages: false,
  });
  if (result.error) throw new Error(result.message);
  return result.content ?? "";
}
