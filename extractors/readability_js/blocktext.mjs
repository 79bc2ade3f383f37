/* HTML to text by the package html-to-text, in the settings of all JavaScript extractors here that return HTML: lines
break at block elements, cells of a table row are parted by a space, and nothing is added (no bullets, numbers, link
targets or quotation marks). The same file is in every folder that needs it, since a plugin is copied alone. */

import { compile } from "html-to-text";

const BLOCKS =
  "blockquote,caption,dd,details,dl,dt,fieldset,figcaption,figure,h1,h2,h3,h4,h5,h6,legend,li,ol,summary,table,tr,ul";
const WITHOUT_TEXT = "hr,iframe,img,svg,template";

const each = (names, definition) => names.split(",").map((selector) => ({ selector, ...definition }));

export const blockText = compile({
  wordwrap: false,
  limits: { maxInputLength: Infinity },
  formatters: {
    cell(element, walk, builder) {
      builder.addInline(" ");
      walk(element.children, builder);
      builder.addInline(" ");
    },
  },
  selectors: [
    ...each(BLOCKS, { format: "block" }),
    ...each(WITHOUT_TEXT, { format: "skip" }),
    ...each("td,th", { format: "cell" }),
    { selector: "a", format: "inline" },
  ],
});
