// The open conversation: what is said, who has it, and what the agent does with it.
import { freshId, post, toast } from "./ask.js";
import { showTimes } from "./clocks.js";
import { choose } from "./dialogs.js";
import { draftUsed, startDrafts } from "./drafts.js";
import { reveal } from "./reveal.js";
import { Stream } from "./stream.js";

const drafts = new Map(); // what was begun, by conversation
const words = {
  bot: "with the assistant",
  queued: "waiting in the queue",
  offered: "offered",
  agent: "in conversation",
  wrap_up: "over; wrap it up",
  closed: "closed",
};
let open = null;

export function openConversation() {
  const main = document.getElementById("main");
  if (!main?.dataset.id) return;
  open = {
    id: main.dataset.id,
    path: `/c/${main.dataset.address}`,
    main,
    record: document.getElementById("record"),
    position: 0,
    due: "",
    through: null,
    version: Number(main.dataset.version),
    sending: new Map(),
  };
  const here = open;
  open.stream = new Stream(() => `${here.path}/events?after=${here.position}`, {
    entries: (batch, id) => here === open && entries(batch, Number(id)),
    readings: (read) => here === open && readings(read),
    gone: () => here === open && gone(),
  });
  main.addEventListener("click", clicked);
  document.getElementById("packet").addEventListener("click", clicked);
  const answer = field();
  answer.value = drafts.get(open.id) ?? "";
  answer.addEventListener("input", () => drafts.set(here.id, answer.value));
  answer.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  });
  document.getElementById("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  open.record.addEventListener("scroll", () => {
    if (atEnd()) document.getElementById("to-end").hidden = true;
  });
  startDrafts(here, write);
  foldPacket();
  narrow.onchange = foldPacket;
  become(main.dataset.where, main.dataset.mine === "yes");
  main.focus({ preventScroll: true });
}

export function closeConversation() {
  open?.stream.close();
  open = null;
}

// The inbox heard of a move, maybe before the record did.
export function conversationMoved(id, where) {
  if (!open || open.id !== id) return;
  if (["offered", "agent", "wrap_up"].includes(where)) become(where, true);
  else if (!document.querySelector("[data-do='take-over']")) gone();
}

// On a narrow page the packet stands folded above the conversation.
const narrow = matchMedia("(max-width: 1120px)");

function foldPacket() {
  const packet = document.getElementById("packet");
  if (!packet) return;
  const slot = document.querySelector(".packet-slot");
  if (narrow.matches) slot.append(packet);
  else document.getElementById("stage").append(packet);
}

function entries(batch, position) {
  const wasAtEnd = atEnd() || open.position === 0;
  if (batch.html) {
    const piece = document.createElement("template");
    piece.innerHTML = batch.html; // escaped by the desk
    for (const row of [...piece.content.children]) {
      if (Number(row.dataset.position) <= open.position) row.remove();
    }
    showTimes(piece.content);
    settle(piece.content);
    open.record.append(piece.content);
    for (const row of open.sending.values()) open.record.append(row);
    if (wasAtEnd) toEnd();
    else document.getElementById("to-end").hidden = false;
  }
  open.position = Math.max(open.position, position);
  open.due = batch.due;
  open.through = batch.through;
  if (batch.version >= open.version) {
    open.version = batch.version;
    become(batch.where, batch.mine);
  }
}

// What we sent has arrived in the record: the copy goes.
function settle(content) {
  for (const row of content.querySelectorAll(".said.own")) {
    const text = row.querySelector(".text").textContent;
    for (const [id, copy] of open.sending) {
      if (copy.dataset.sent === "yes" && (copy.querySelector(".text").textContent === text || row.querySelector(".placeholder"))) {
        copy.remove();
        open.sending.delete(id);
        break;
      }
    }
  }
}

function readings({ badges, curve, words: said, warmth }) {
  for (const [id, html] of Object.entries(badges)) {
    const place = open.record.querySelector(`[data-badge="${CSS.escape(id)}"]`);
    if (place && !place.dataset.corrected && place.innerHTML !== html) place.innerHTML = html;
  }
  document.getElementById("curve").innerHTML = curve;
  document.getElementById("curve-words").textContent = said;
  const now = document.getElementById("now-state");
  const last = Object.values(badges).length && [...open.record.querySelectorAll("[data-state]")].at(-1);
  if (now && last) {
    now.className = `state ${warmth}`;
    now.textContent = last.dataset.state;
  }
}

function become(where, mine) {
  const { main } = open;
  main.dataset.where = where;
  main.dataset.mine = mine ? "yes" : "no";
  document.getElementById("where-words").textContent = where === "offered" && mine ? "offered to you" : words[where] ?? where;
  const theirs = !mine && ["queued", "offered", "agent"].includes(where);
  for (const button of document.querySelectorAll("[data-when]")) {
    const when = button.dataset.when.split(" ");
    button.hidden = !(mine ? when.includes(where) : theirs && when.includes("theirs"));
  }
  document.getElementById("composer").hidden = !(mine && where === "agent");
  for (const button of main.querySelectorAll("[data-do]")) button.disabled = false;
}

function gone() {
  toast("This conversation is no longer with you");
  document.dispatchEvent(new CustomEvent("desk:left", { detail: open.id }));
}

async function clicked(event) {
  const target = event.target.closest("button");
  if (!target) return;
  if (target.dataset.do) await act(target.dataset.do, target);
  else if (target.dataset.correct) await correct(target);
  else if (target.dataset.placeholder) await reveal(open.path, target);
  else if (target.id === "to-end") toEnd();
  else if ("useOpening" in target.dataset) write(document.getElementById("opening").textContent.trim());
}

export function press(name) {
  const button = open?.main.querySelector(`[data-do="${name}"]`);
  if (button && !button.hidden && !button.disabled) button.click();
}

export function writeAnswer() {
  if (open && !document.getElementById("composer").hidden) field().focus();
}

async function act(name, button) {
  const here = open;
  const body = { through: here.through };
  if (name === "wrap-up") {
    body.disposition = await choose("wrap-up-dialog", "disposition");
    if (!body.disposition) return;
  } else if (name === "hand-back") {
    if (!(await choose("hand-back-dialog"))) return;
  } else if (name === "transfer") {
    const to = await transferTo();
    if (!to) return;
    Object.assign(body, to, note("transfer-note"));
  } else if (name === "note") {
    if (!(await choose("note-dialog"))) return;
    Object.assign(body, note("note-text"));
  }
  button.disabled = true;
  const done = await post(`${here.path}/${name}`, body);
  button.disabled = false;
  if (here !== open) return;
  if (!done) {
    if (name === "accept") document.dispatchEvent(new CustomEvent("desk:left", { detail: here.id }));
    return;
  }
  if (name === "note") return;
  if (name === "accept" || name === "take-over") {
    // Nothing is drawn anew: who has begun to write goes on writing.
    document.getElementById("holder")?.remove();
    become("agent", true);
    return;
  }
  const told = { decline: "Left to a colleague", "hand-back": "Back with the assistant", "wrap-up": "Closed", transfer: "Transferred" };
  toast(told[name]);
  drafts.delete(here.id);
  document.dispatchEvent(new CustomEvent("desk:left", { detail: here.id }));
}

// What was written for colleagues; nothing when nothing was.
function note(id) {
  const field = document.getElementById(id);
  const text = field.value.trim();
  field.value = "";
  return text ? { text, event_id: freshId() } : {};
}

async function transferTo() {
  const response = await fetch("/transfer-targets").catch(() => null);
  if (!response?.ok) {
    toast("The desk cannot be reached");
    return null;
  }
  const { queues, agents } = await response.json();
  const select = document.getElementById("transfer-to");
  select.replaceChildren(group("Queues", queues, "queue"), group("Colleagues", agents, "agent"));
  const chosen = await choose("transfer-dialog", "to");
  if (!chosen) return null;
  const [kind, name] = [select.value.slice(0, 5), select.value.slice(6)];
  return kind === "queue" ? { queue: name } : { to_agent_id: name };
}

function group(label, names, kind) {
  const made = document.createElement("optgroup");
  made.label = label;
  for (const name of names) made.append(new Option(name, `${kind}:${name}`));
  return made;
}

async function correct(badge) {
  const chosen = await choose("correct-dialog", "state", badge.dataset.state);
  if (!chosen || chosen === badge.dataset.state) return;
  const id = badge.dataset.correct;
  if (!(await post(`${open.path}/correct`, { message_id: id, state: chosen }))) return;
  const place = badge.closest("[data-badge]");
  const warmth = document.querySelector(`#correct-dialog input[value="${chosen}"] + .state`).className;
  place.dataset.corrected = "yes";
  badge.className = warmth;
  badge.textContent = `${chosen} (corrected)`;
  badge.dataset.state = chosen;
  toast("Thank you: corrected");
}

function send() {
  const text = field().value.trim();
  if (!text) return;
  const here = open;
  const id = freshId();
  const row = document.createElement("li");
  row.className = "said agent own sending";
  row.innerHTML = '<div class="said-head"><b>You</b> <span class="how">sending …</span></div><p class="text"></p>';
  row.querySelector(".text").textContent = text;
  here.sending.set(id, row);
  here.record.append(row);
  toEnd();
  field().value = "";
  drafts.delete(here.id);
  draftUsed(here, text);
  deliver(here, id, text, here.due, row);
}

async function deliver(here, id, text, due, row) {
  const done = await post(`${here.path}/say`, { event_id: id, text, in_reply_to: due }, { again: true });
  if (done) {
    row.dataset.sent = "yes";
    row.querySelector(".how").textContent = "sent";
    return;
  }
  row.classList.add("failed");
  row.querySelector(".how").textContent = "not sent";
  if (here === open && !field().value) write(text);
  here.sending.delete(id);
}

export function write(text) {
  const answer = field();
  answer.value = text;
  drafts.set(open.id, text);
  answer.focus();
}

export function here() {
  return open;
}

function field() {
  return document.getElementById("answer");
}

function atEnd() {
  const { scrollTop, scrollHeight, clientHeight } = open.record;
  return scrollHeight - scrollTop - clientHeight < 60;
}

function toEnd() {
  open.record.scrollTop = open.record.scrollHeight;
  document.getElementById("to-end").hidden = true;
}
