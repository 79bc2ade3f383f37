"use strict";
// What all screens share: asking the server, with the token that only its own screens know.

const TOKEN = document.querySelector('meta[name="harness-token"]').content;

async function ask(path, body) {
  const headers = { "X-Harness-Token": TOKEN };
  const options = body === undefined ? { headers } : {
    method: "POST", keepalive: true, // also where the tab is closed meanwhile
    headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body),
  };
  let response;
  try { response = await fetch(path, options); } catch { throw new Error("the server does not answer: nothing is saved"); }
  const text = await response.text();
  let answer;
  try { answer = JSON.parse(text); } catch { answer = { error: text.trim() }; }
  if (!response.ok) throw Object.assign(new Error(answer.error || response.statusText), { code: response.status });
  return answer;
}

function path(id) { return id.split("/").map(encodeURIComponent).join("/"); }

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function isTyping(event) {
  return event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;
}
