/* The child process in which one JavaScript extractor runs: the counterpart of worker.py. Standard library only, from
Node 18 on.

It reads requests from standard input and answers each on standard output: a line of JSON, with bytes behind it. The first
request loads the extractor, every further one is a page; docs/protocol.md has the fields.
*/

import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const PROTOCOL = 3;
const PARTS = ["html", "text", "raw"]; // what follows the head of a page, in this order
const LONE_SURROGATE = /\p{Surrogate}/gu; // a pair is one character in this mode, and not a surrogate
const exit = process.exit.bind(process);

/** Who is told of an error that nobody caught: the page that is being extracted, or else the end of the process. */
let onStrayError = crash;

/** How many pages this process has answered. */
let served = 0;

function crash(error) {
  fs.writeSync(2, `worker: ${describe(error)}\n`);
  exit(1);
}

/** The page that an extractor is given. */
function pageOf({ media, url, lang }, { html, text, raw }) {
  const page = { html: html.toString("utf8"), text: text?.toString("utf8") ?? null, url: url ?? null, lang: lang ?? null };
  return { ...page, raw: raw ?? (media === "text/plain" ? text : html) };
}

/** The extractor's function, from its module. */
async function load(source, name) {
  let module;
  try {
    module = await import(pathToFileURL(source).href);
  } catch (error) {
    if (error instanceof SyntaxError) {
      // Node tells the line of a syntax error only on standard error, and only if nobody catches it.
      const { status, stderr } = spawnSync(process.execPath, ["--check", source], { encoding: "utf8" });
      if (status) error.stack = stderr;
    }
    throw error;
  }
  if (typeof module[name] !== "function") {
    throw new TypeError(`${path.basename(source)} exports no function "${name}"`);
  }
  return module[name];
}

/** The version of a package that is installed beside the module, asked of the package's own metadata. */
function versionOf(name, source) {
  if (!name) return null;
  try {
    const metadata = path.join(path.dirname(source), "node_modules", name, "package.json");
    return JSON.parse(fs.readFileSync(metadata, "utf8")).version ?? null;
  } catch {
    return null;
  }
}

/** Run the extractor on one page and report the outcome. */
async function extract(extractor, request, parts) {
  const page = pageOf(request, parts);
  // An error that comes late may be of an earlier page. The harness gives this one to a new process, which has no other.
  const stray = new Promise((_, reject) => (onStrayError = served > 0 ? crash : reject));
  stray.catch(() => {}); // both races below look at it
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const costs = () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wall: (performance.now() - wall) / 1e3, cpu: (user + system) / 1e6 };
  };
  let answer;
  let cost;
  try {
    const result = await Promise.race([stray, extractor(page, request.options ?? {})]);
    cost = costs();
    await new Promise(setImmediate); // rejections that nobody handles are announced before this
    answer = judge(await Promise.race([stray, result]));
  } catch (error) {
    cost ??= costs();
    answer = { outcome: "error", error: describe(error) };
  } finally {
    onStrayError = crash;
    served++;
  }
  return { id: request.id, ...answer, ...cost, peak_memory: peakMemory() };
}

/** The most memory that this process ever had resident, in bytes. */
function peakMemory() {
  try {
    // The kernel hands the peak that `getrusage` tells from parent to child, so this one comes first.
    return Number(/^VmHWM:\s+(\d+)/m.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024; // kilobytes on every platform
  }
}

/** The outcome of a value that an extractor returned. */
function judge(result) {
  if (typeof result !== "string") {
    return { outcome: "invalid", error: `returned ${typeName(result)}, not string` };
  }
  if (result.search(LONE_SURROGATE) >= 0) {
    return { outcome: "invalid", error: "returned text that is not Unicode: surrogates without a partner" };
  }
  return { outcome: result.trim() ? "ok" : "empty", text: result };
}

function typeName(value) {
  if (value === null || typeof value !== "object") return value === null ? "null" : typeof value;
  return value.constructor?.name || "object";
}

/** What was thrown, with the innermost place outside Node and this file, in one line without lone surrogates. */
function describe(error) {
  let text;
  try {
    const thrown = error instanceof Error || typeof error?.stack === "string";
    const name = thrown ? error.name || typeName(error) : `thrown ${typeName(error)}`;
    const message = String(thrown ? error.message : error);
    text = `${name}: ${message.split(/\s+/).join(" ").trim().slice(0, 500)}${thrown ? placeIn(error) : ""}`;
  } catch {
    text = "Error: (its description raises an error)";
  }
  return text.replace(LONE_SURROGATE, (half) => "\\u" + half.charCodeAt(0).toString(16));
}

/** ` at FILE:LINE in FUNCTION`, from the lines of a stack; of a syntax error from the line before its message. */
function placeIn(error) {
  const stack = String(error.stack);
  const syntax = /^(\S+):(\d+)\n/.exec(stack);
  if (syntax) return ` at ${path.basename(syntax[1])}:${syntax[2]}`;
  for (const line of stack.split("\n")) {
    const frame = /^\s+at (?:async )?(?:(.+) \()?((?:file:\/\/)?[^()]+):(\d+):\d+\)?$/.exec(line);
    if (frame && !frame[2].startsWith("node:") && frame[2] !== import.meta.url) {
      return ` at ${path.basename(frame[2])}:${frame[3]}${frame[1] ? ` in ${frame[1]}` : ""}`;
    }
  }
  return "";
}

/** Kill this process once more than `limit` bytes of it are resident. A thread watches: the extractor may be busy. */
function limitMemory(limit) {
  const watch = `
    const { workerData: limit } = require("node:worker_threads");
    setInterval(() => {
      if (process.memoryUsage.rss() > limit) {
        require("node:fs").writeSync(2, "worker: over its memory limit of " + limit + " bytes\\n");
        process.kill(process.pid, "SIGKILL");
      }
    }, 50);`;
  new Worker(watch, { eval: true, workerData: limit }).unref();
}

/** Leave descriptor 1 to the extractor, leading to standard error, and return a private one for the answers. */
function takeOutput() {
  Object.defineProperty(process, "stdout", { get: () => process.stderr, configurable: true });
  let answers = 1;
  try {
    answers = fs.openSync("/dev/fd/1", "a");
    fs.closeSync(1);
    fs.openSync("/dev/fd/2", "a"); // the lowest free number: 1
  } catch {
    // This platform or kind of stream cannot be opened twice. What is printed through Node is redirected all the same.
  }
  return answers;
}

/** Leave the extractor an empty standard input, and return the real one. */
function takeInput() {
  const requests = process.stdin;
  const nothing = Readable.from([]);
  Object.defineProperty(process, "stdin", { get: () => nothing, configurable: true });
  return requests;
}

function send(descriptor, answer) {
  const text = Buffer.from(answer.text ?? "");
  const head = answer.text === undefined ? answer : { ...answer, text: text.length };
  let rest = Buffer.concat([Buffer.from(JSON.stringify(head) + "\n"), text]);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(descriptor, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2); // milliseconds, until the reader catches up
    }
  }
}

/** The requests in a stream of bytes, each with the bytes behind its head. */
async function* requestsIn(stream) {
  let parts = []; // what has come of the next request
  let size = 0;
  let head = null; // of the next request, once it is there
  let end = 0; // of the next request
  for await (let chunk of stream) {
    for (;;) {
      if (head === null) {
        const newline = chunk.indexOf(10);
        if (newline < 0) break;
        head = JSON.parse(Buffer.concat([...parts, chunk.subarray(0, newline)]).toString("utf8"));
        end = PARTS.reduce((sum, name) => sum + lengthOf(head, name), 0);
        [parts, size, chunk] = [[], 0, chunk.subarray(newline + 1)];
      }
      if (size + chunk.length < end) break;
      const rest = chunk.subarray(end - size);
      let bytes = Buffer.concat([...parts, chunk.subarray(0, end - size)]);
      const request = head;
      [parts, size, chunk, head] = [[], 0, rest, null];
      const named = {};
      for (const name of PARTS) {
        named[name] = Number.isInteger(request[name]) ? bytes.subarray(0, request[name]) : null;
        bytes = bytes.subarray(lengthOf(request, name));
      }
      yield [request, named];
    }
    if (chunk.length > 0) parts.push(chunk);
    size += chunk.length;
  }
}

/** How many bytes of a part follow a head: none where it names no length. */
function lengthOf(head, name) {
  return Number.isInteger(head[name]) ? head[name] : 0;
}

/** Serve requests until standard input ends. */
async function main() {
  process.on("uncaughtException", (error) => onStrayError(error));
  process.on("unhandledRejection", (error) => onStrayError(error));
  const answers = takeOutput();
  const requests = takeInput();
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ""}) was called`);
  };

  let extractor = null;
  for await (const [request, parts] of requestsIn(requests)) {
    if (extractor !== null) {
      send(answers, await extract(extractor, request, parts));
      continue;
    }
    try {
      if (request.memory) limitMemory(request.memory);
      extractor = await load(request.load, request.function);
    } catch (error) {
      send(answers, { outcome: "error", error: describe(error) });
      break;
    }
    const version = versionOf(request.package, request.load);
    send(answers, { outcome: "ready", protocol: PROTOCOL, version, runtime: `Node ${process.versions.node}` });
  }
  exit(0); // whatever the extractor left running
}

main().catch(crash);
