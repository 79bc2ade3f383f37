/* mdream, a converter to Markdown for language models, with its preset that leaves out what is not main content. This is its
engine in JavaScript; the one in Rust needs a binary for each platform. */

import { htmlToMarkdown } from "@mdream/js";
import { withMinimalPreset } from "@mdream/js/preset/minimal";

export default function extract(page, { minimal = true } = {}) {
  const options = { origin: page.url ?? undefined };
  return htmlToMarkdown(page.html, minimal ? withMinimalPreset(options) : options);
}
