/* A rewrite of Mozilla's Readability on htmlparser2, which needs no DOM. */

import { extract as read, toHTML } from "@mizchi/readability";

export default function extract(page) {
  const { root } = read(page.html);
  return root ? toHTML(root) : "";
}
