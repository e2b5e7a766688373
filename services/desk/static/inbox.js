// The list of conversations, and which of them is open.
import { sentence, toast } from "./ask.js";
import { showTimes } from "./clocks.js";
import { closeConversation, conversationMoved, openConversation } from "./conversation.js";
import { Stream, troubleWith } from "./stream.js";

const desk = document.getElementById("desk");
const list = document.getElementById("inbox");
const title = document.title;
let unanswered = new Set();

export function startInbox() {
  new Stream(() => "/events", {
    reset: ({ items }) => {
      const kept = new Set(items.map((item) => item.id));
      for (const row of [...list.children]) if (!kept.has(row.dataset.id)) row.remove();
      for (const item of items) put(item);
      tally();
    },
    item: (item) => {
      if (item.html) put(item);
      else drop(item.id);
      conversationMoved(item.id, item.where);
      tally();
    },
    trouble: (said) => troubleWith(said.with),
    "signed-out": () => location.assign("/sign-in"),
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a.line");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link.dataset.id);
  });
  window.addEventListener("popstate", () => {
    const match = location.pathname.match(/^\/c\/(.+)$/);
    if (match) show(decodeURIComponent(match[1]), { push: false });
    else leave({ push: false });
  });
  document.addEventListener("desk:left", (event) => {
    drop(event.detail);
    tally();
    leave();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("a.back")) return;
    event.preventDefault();
    leave();
  });
  for (const row of list.children) note(row);
  tally();
  mark();
  if (desk.dataset.open) openConversation();
}

export async function show(id, { push = true } = {}) {
  const address = `/c/${encodeURIComponent(id)}`;
  let response;
  try {
    response = await fetch(address, { headers: { "x-part": "conversation", accept: "application/json" } });
  } catch {
    toast("The desk cannot be reached");
    return;
  }
  if (response.status === 401) return location.assign("/sign-in");
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    toast(sentence(answer.error ?? "This conversation cannot be opened"));
    if (response.status === 403 || response.status === 404) drop(id);
    return;
  }
  closeConversation();
  // Made by the desk from escaped templates.
  document.getElementById("stage").innerHTML = await response.text();
  desk.dataset.open = id;
  if (push) history.pushState(null, "", address);
  mark();
  openConversation();
}

export function step(by) {
  const links = [...list.querySelectorAll("a.line")];
  if (!links.length) return;
  const at = links.findIndex((link) => link.dataset.id === desk.dataset.open);
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1);
  links[next].scrollIntoView({ block: "nearest" });
  show(links[next].dataset.id);
}

function leave({ push = true } = {}) {
  closeConversation();
  desk.dataset.open = "";
  if (push) history.pushState(null, "", "/");
  document.getElementById("stage").innerHTML =
    '<main id="main" class="welcome" tabindex="-1"><img class="mark" src="/static/mark.svg" alt="" width="48" height="48">' +
    '<h1>Pick a conversation</h1><p class="quiet">The next offer appears on the left by itself.</p></main>';
  mark();
}

function put(item) {
  let row = find(item.id);
  const isNew = !row;
  if (isNew) {
    row = document.createElement("li");
    row.dataset.id = item.id;
  }
  const focused = row.contains(document.activeElement);
  row.innerHTML = item.html;
  row.dataset.where = item.where;
  if (isNew || moved(row)) place(row);
  if (focused) row.firstElementChild.focus();
  note(row);
  showTimes(row);
  mark(row);
}

const rank = { offered: 0, agent: 1, wrap_up: 2 };
const order = (row) => `${rank[row.dataset.where] ?? 1}${row.querySelector("time")?.dateTime ?? ""}`;

function moved(row) {
  const before = row.previousElementSibling;
  const after = row.nextElementSibling;
  return (before && order(before) > order(row)) || (after && order(after) < order(row));
}

// Offers first, then who waits longest.
function place(row) {
  const next = [...list.children].find((other) => other !== row && order(other) > order(row));
  list.insertBefore(row, next ?? null);
}

function drop(id) {
  find(id)?.remove();
  unanswered.delete(id);
}

function find(id) {
  return list.querySelector(`:scope > li[data-id="${CSS.escape(id)}"]`);
}

function note(row) {
  const calls = row.querySelector(".offer, .open");
  row.dataset.where ||= row.querySelector("a.line")?.classList[1] ?? "";
  if (calls) unanswered.add(row.dataset.id);
  else unanswered.delete(row.dataset.id);
}

function mark(root = list) {
  for (const link of root.querySelectorAll("a.line")) {
    if (link.dataset.id === desk.dataset.open) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function tally() {
  document.getElementById("count").textContent = list.children.length;
  document.getElementById("inbox-empty").hidden = list.children.length > 0;
  document.title = unanswered.size ? `(${unanswered.size}) ${title}` : title;
}
