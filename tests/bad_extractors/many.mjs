/* An extractor that runs the code that its page holds behind `fault: `; other pages are returned as they are. */
import child_process from "node:child_process";
import fs from "node:fs";
import process from "node:process";

const AsyncFunction = (async () => {}).constructor;

export default function many(page) {
  const code = /fault: (.*)/.exec(page.text ?? "")?.[1];
  if (code === undefined) return page.text;
  return code.startsWith("later ")
    ? new AsyncFunction("process", "fs", "child_process", code.slice(6))(process, fs, child_process)
    : new Function("process", "fs", "child_process", code)(process, fs, child_process);
}
