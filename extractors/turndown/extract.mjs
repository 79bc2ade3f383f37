/* Turndown, the usual converter from HTML to Markdown in JavaScript. It keeps the text of elements that it does not know, those
of scripts and styles among them, until it is told to remove them. */

import TurndownService from "turndown";

const service = new TurndownService({ headingStyle: "atx", codeBlockStyle: "fenced" });
service.remove(["script", "style", "noscript", "title"]);

export default function extract(page) {
  return page.html.trim() ? service.turndown(page.html) : "";
}
