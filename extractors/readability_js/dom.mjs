/* A page's DOM, by one of two packages. The same file is in every folder that needs it: a plugin is copied alone. */

export const PARSERS = {
  /** Complete and slow. Without `resources` and `runScripts` it neither fetches nor executes anything. */
  async jsdom(page) {
    const { JSDOM, VirtualConsole } = await import("jsdom");
    const { window } = new JSDOM(page.html, { url: page.url ?? undefined, virtualConsole: new VirtualConsole() });
    return { document: window.document, close: () => window.close() };
  },

  /** Several times faster. It adds no `html` and `body` where a page leaves them out, as HTML permits. */
  async linkedom(page) {
    const { parseHTML } = await import("linkedom");
    let { document } = parseHTML(page.html);
    if (document.documentElement?.localName !== "html") {
      ({ document } = parseHTML(`<html><body>${page.html}</body></html>`));
    }
    return { document, close: () => {} };
  },
};
