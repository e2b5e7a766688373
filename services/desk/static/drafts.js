// Drafts of an answer: used as they are, changed, or turned down. Each is feedback.
import { post } from "./ask.js";

let used = null; // the draft in the field, until it is sent

export function startDrafts(open, write) {
  used = null;
  const place = document.getElementById("drafts");
  document.getElementById("suggest").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    const answer = await post(`${open.path}/suggest`, { position: open.position });
    button.disabled = false;
    if (!answer) return;
    place.replaceChildren(...answer.drafts.map((draft) => card(open, draft, write)));
    if (!answer.drafts.length) place.append(nothing());
    place.hidden = false;
    place.querySelector("button")?.focus();
  });
}

// What was sent tells whether the draft went as it was.
export function draftUsed(open, text) {
  if (!used) return;
  judge(open, used, text === used.text ? "accepted" : "edited");
  used = null;
  clear();
}

function card(open, draft, write) {
  const made = document.createElement("article");
  made.className = "draft";
  const text = document.createElement("p");
  text.textContent = draft.text;
  const foot = document.createElement("div");
  foot.className = "draft-foot";
  const from = document.createElement("span");
  from.textContent = draft.from ? `From ${draft.from}` : "";
  foot.append(
    from,
    button("Use", () => {
      used = draft;
      write(draft.text);
      clear();
    }),
    button("Not this one", () => {
      judge(open, draft, "rejected");
      made.remove();
      if (!document.querySelector("#drafts .draft")) clear();
    }),
  );
  made.append(text, foot);
  return made;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small-button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function nothing() {
  const made = document.createElement("p");
  made.className = "quiet small";
  made.textContent = "No article answers what they said last.";
  return made;
}

function judge(open, draft, judgement) {
  if (!draft.source) return;
  post(`${open.path}/judge-draft`, { judgement, source: draft.source, message_id: open.due });
}

function clear() {
  const place = document.getElementById("drafts");
  place.hidden = true;
  place.replaceChildren();
}
