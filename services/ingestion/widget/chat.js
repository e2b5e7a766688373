// <rapport-chat>: who has the conversation, what was said in it, and what to write.

const OWN_DOOR = document.currentScript ? new URL(document.currentScript.src).origin : location.origin;
const ANSWER_WITHIN = 25000;
const SMALL = "(max-width: 480px)";
const OVER = ["wrap_up", "closed"], WAITS = ["queued", "offered"];
let sheet;

class RapportChat extends HTMLElement {
  static observedAttributes = ["lang", "heading"];
  static words = WORDS;

  #texts = new Map(); // node: how it is told again in another language
  #memory; #line = null;
  #panel; #launcher; #badge; #face; #now; #away; #log; #typing; #latest; #strip; #input; #said;
  #turns; #answers; #unanswered; #state; #place; #episode; #handovers;
  #unread = 0;
  #quiet = 0;

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#memory = new Memory(`rapport-chat ${this.#door} ${this.getAttribute("conversation-id") || ""}`);
    if (this.#memory.get("conversation")) this.#start();
    if (this.#memory.get("open")) this.open(false);
  }

  disconnectedCallback() {
    if (this.#line) this.#line.close();
    this.#line = null;
  }

  attributeChangedCallback() {
    for (const tell of this.#texts.values()) tell();
  }

  /** Opens the window; the focus goes to where one writes. */
  open(focus = true) {
    this.#opened(true);
    this.#start();
    this.#count(0);
    this.#toEnd();
    if (focus) this.#input.focus();
  }

  /** Closes the window; the conversation goes on. */
  close() {
    this.#opened(false);
    this.#launcher.focus();
  }

  #opened(open) {
    this.toggleAttribute("open", open);
    this.#panel.hidden = !open;
    this.#launcher.hidden = open;
    this.#memory.set("open", open);
  }

  get #door() { return (this.getAttribute("door") || OWN_DOOR).replace(/\/+$/, ""); }

  get #language() {
    const near = this.closest("[lang]");
    return /^es\b/i.test((near && near.lang) || navigator.language) ? "es" : "en";
  }

  #word(key, value) {
    const word = (key === "heading" && this.getAttribute(key)) || WORDS[this.#language][key];
    return typeof word === "function" ? word(value) : word;
  }

  /** Puts a word into a node or its attributes, now and whenever the language changes. */
  #tell = (node, key, value, ...attributes) => {
    const tell = () => {
      const word = this.#word(key, value);
      if (!attributes.length) node.textContent = word;
      for (const name of attributes) node.setAttribute(name, word);
    };
    this.#texts.set(node, tell);
    tell();
    return node;
  };

  #build() {
    const root = this.attachShadow({ mode: "open" });
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const tell = this.#tell;
    const named = (node, key) => tell(node, key, null, "aria-label");
    this.#badge = make("span", "badge", { hidden: true, ariaHidden: "true" });
    this.#launcher = button("launcher", () => this.open(), icon("chat"), this.#badge);
    this.#face = make("span", "face");
    this.#now = make("p", "now");
    this.#away = tell(make("p", "away", { hidden: true }), "away");
    this.#typing = make("div", "dots", { role: "img", hidden: true }, make("i"), make("i"), make("i"));
    this.#log = named(make("div", "log", { role: "log", tabIndex: 0,
      onscroll: () => { if (this.#atEnd()) this.#latest.hidden = true; } },
      tell(make("p", "note"), "disclosure"), this.#typing), "log");
    this.#latest = tell(button("latest", () => this.#toEnd()), "latest");
    this.#latest.hidden = true;
    this.#strip = make("div", "strip");
    this.#said = make("p", "sr", { role: "status" });
    this.#input = tell(make("textarea", "", { rows: 1, maxLength: 4000, enterKeyHint: "send",
      oninput: () => this.#typed(),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#say();
      } }), "write", null, "aria-label", "placeholder");
    this.#panel = make("section", "panel", { role: "dialog", "aria-labelledby": "heading", hidden: true,
      onkeydown: (event) => this.#key(event) },
      make("div", "head", null, this.#face,
        make("div", "who", null, tell(make("h2", "", { id: "heading" }), "heading"), this.#now),
        named(button("icon", () => this.close(), icon("down")), "minimise")),
      this.#away, this.#log, this.#latest,
      make("div", "foot", null, this.#strip,
        make("div", "compose", null, make("div", "grow", null, this.#input),
          named(button("send", () => this.#say(), icon("send")), "send"))),
      this.#said);
    root.append(this.#panel, this.#launcher);
    this.#forget();
    this.#count(0);
  }

  /** As before the first word. */
  #forget() {
    this.#turns = new Map(); // ids of an own message, the frame's and the event's: its node
    this.#answers = new Map(); // id of a message: the first node that answers it
    this.#unanswered = new Set(); // own messages that the bot is about to answer
    this.#state = "bot";
    this.#place = this.#handovers = 0;
    this.#episode = 1;
    this.#log.replaceChildren(this.#log.firstChild, this.#typing);
    this.#show();
  }

  #key(event) {
    if (event.key === "Escape") this.close();
    // On a small screen the window covers the page: Tab stays in it.
    if (event.key !== "Tab" || !matchMedia(SMALL).matches) return;
    const stops = [...this.#panel.querySelectorAll("button, textarea, input, a, [tabindex]")]
      .filter((node) => node.offsetParent && !node.disabled);
    const last = stops.length - 1;
    if (this.shadowRoot.activeElement !== stops[event.shiftKey ? 0 : last]) return;
    event.preventDefault();
    stops[event.shiftKey ? last : 0].focus();
  }

  #start() {
    if (this.#line) return;
    const memory = this.#memory;
    if (!memory.get("conversation")) {
      memory.set("conversation", this.getAttribute("conversation-id") || crypto.randomUUID());
    }
    const query = { conversation_id: memory.get("conversation"), own: true };
    for (const name of ["customer-id", "key"]) {
      if (this.hasAttribute(name)) query[name.replace("-", "_")] = this.getAttribute(name);
    }
    const base = `${this.#door.replace(/^http/, "ws")}/v1/chat?`;
    this.#line = new Line((after) => base + new URLSearchParams({ ...query, after }), memory,
      (frame) => this.#hear(frame));
    for (const { id, type, text } of this.#line.outbox) if (!type) this.#own(id, text, true);
  }

  /** Another conversation; this one is forgotten here. */
  #restart() {
    this.#line.close();
    this.#line = null;
    for (const name of ["conversation", "outbox", "settled"]) this.#memory.set(name);
    this.#forget();
    this.#start();
    this.#input.focus();
  }

  // What the door says.

  #hear(frame) {
    const { type } = frame;
    if (type === "connected") this.#connection(true);
    if (type === "disconnected") this.#connection(false);
    if (type === "accepted") this.#accepted(frame);
    if (type === "rejected") this.#refused(frame);
    if (type === "reply") this.#heard("bot", frame);
    if (type === "message") this.#message(frame);
    if (type === "state") this.#moved(frame);
  }

  #connection(up) {
    if (up && !this.#away.hidden) this.#status("back");
    this.#away.hidden = up;
  }

  #accepted({ event_id, sent }) {
    if (sent.type === "feedback") return this.#rated(sent.id);
    const turn = this.#turns.get(sent.id);
    if (!turn) return;
    const told = this.#turns.get(event_id);
    if (told && told !== turn) { // the record was quicker: it was sent before the page was reloaded
      turn.remove();
      this.#turns.set(sent.id, told);
      return;
    }
    this.#turns.set(event_id, turn);
    this.#mark(turn, "delivered");
    if (this.#answers.has(event_id)) this.#confirm(turn, event_id);
    else this.#await(event_id);
  }

  #refused({ sent }) {
    if (sent.type === "feedback") return this.#rated(sent.id); // it was given before
    const turn = this.#turns.get(sent.id);
    if (turn) {
      turn.classList.remove("pending");
      this.#mark(turn, "refused");
    }
    this.#status("refused");
    this.#show();
  }

  #message(frame) {
    if (frame.author === "agent") return this.#heard("agent", frame);
    if (frame.kind === "person_requested") this.#note("asked");
    if (frame.kind !== "text") return;
    const known = this.#turns.get(frame.id);
    const turn = known || this.#own(frame.id, frame.text);
    this.#confirm(turn, frame.id);
    if (!known) this.#mark(turn, frame.text ? (this.#answers.has(frame.id) ? "seen" : "delivered") : "withheld");
  }

  #heard(who, frame) {
    const node = make("div", `turn ${who}`, null, this.#tell(make("span", "name"), who),
      linked(make("p", "text"), frame.text));
    const titles = [...new Set((frame.sources || []).map((source) => source.title))].filter(Boolean);
    if (titles.length) {
      node.append(make("p", "from", null, this.#tell(make("span"), "source"), `: ${titles.join(", ")}`));
    }
    const asked = frame.in_reply_to;
    if (asked) {
      if (!this.#answers.has(asked)) this.#answers.set(asked, node);
      this.#unanswered.delete(asked);
      const turn = this.#turns.get(asked);
      this.#add(node);
      if (turn) this.#confirm(turn, asked);
    } else this.#add(node);
    if (who === "agent") this.#seen();
    if (!this.hasAttribute("open")) this.#count(this.#unread + 1);
    this.#types(this.#unanswered.size ? "bot" : "");
    this.dispatchEvent(new CustomEvent("rapport-message", { bubbles: true, detail: { author: who } }));
  }

  #moved({ state, queue_position }) {
    const before = this.#state;
    const wasOver = OVER.includes(before), isOver = OVER.includes(state);
    this.#state = state;
    this.#place = queue_position || (state === "offered" ? 1 : 0); // who is offered is the next
    if (wasOver && !isOver) this.#withdraw();
    if (before === "closed" && !isOver) this.#episode += 1;
    if (state === "agent" && !wasOver) {
      this.#handovers += 1;
      this.#note("joined");
    }
    if (before === "agent" && state === "bot") {
      this.#note("left");
      this.#ask("handover", this.#handovers);
    }
    if (isOver && !wasOver) {
      this.#note("ended");
      this.#ask("conversation", this.#episode);
    }
    if (state !== "bot") this.#unanswered.clear();
    this.#types("");
    this.#show();
  }

  // What is shown.

  /** Header and strip, by who has the conversation. */
  #show() {
    const state = this.#state;
    const waits = WAITS.includes(state), over = OVER.includes(state), person = state === "agent";
    const now = waits ? "waiting" : person ? "person" : over ? "over" : "bot";
    const word = (name, key, value) => this.#tell(make(name), key, value);
    this.#tell(this.#now, now);
    this.#face.replaceChildren(icon(waits || person ? "person" : "bot"));
    const parts = [];
    if (waits) parts.push(word("p", "place", this.#place));
    else if (person) parts.push(word("p", "person"));
    else parts.push(this.#asks = button("pill", () => this.#askPerson(), icon("person"), word("span", "ask")));
    if (over) parts.push(button("pill strong", () => this.#restart(), word("span", "again")));
    else if (this.#turns.size) parts.push(button("plain", () => this.#sure(), word("span", "end")));
    this.#fill(parts);
    if (waits) this.#status("place", this.#place);
  }

  #asks;

  #fill(parts) {
    const focused = this.#strip.contains(this.shadowRoot.activeElement);
    this.#strip.replaceChildren(...parts);
    if (focused) this.#input.focus();
  }

  #askPerson() {
    if (this.#asks.ariaDisabled) return;
    this.#asks.ariaDisabled = "true";
    this.#tell(this.#asks.lastChild, "asking");
    this.#status("asking");
    this.#line.say({ type: "person" });
  }

  #sure() {
    const word = (key) => this.#tell(make("span"), key);
    const yes = button("pill strong", () => {
      this.#line.say({ type: "end" });
      this.#show();
    }, word("yes"));
    this.#fill([this.#tell(make("p"), "sure"), yes, button("pill", () => this.#show(), word("no"))]);
    yes.focus();
  }

  /** An own message; `pending` until the record has it. */
  #own(id, text, pending) {
    const turn = make("div", `turn own${pending ? " pending" : ""}`, null,
      this.#tell(make("span", "sr"), "you"), linked(make("p", "text"), text));
    this.#turns.set(id, turn);
    if (pending) {
      this.#add(turn, true);
      this.#mark(turn, "sending");
    }
    if (this.#turns.size === 1) this.#show();
    return turn;
  }

  /** The record has an own message: it stands before what answers it, or after all else. */
  #confirm(turn, id) {
    const answer = this.#answers.get(id);
    const pending = turn.classList.contains("pending");
    if (pending || !turn.isConnected) {
      if (answer) this.#log.insertBefore(turn, answer);
      else if (turn !== this.#firstPending()) this.#add(turn);
      turn.classList.remove("pending");
    }
    if (answer) this.#mark(turn, "seen");
  }

  #firstPending() { return this.#log.querySelector(".pending"); }

  #add(node, last) {
    const stays = !this.#atEnd();
    this.#log.insertBefore(node, (!last && this.#firstPending()) || this.#typing);
    const before = node.previousElementSibling;
    if (before.className.replace(" more", "") === node.className) node.classList.add("more");
    if (!stays || node.classList.contains("own")) this.#toEnd();
    else this.#latest.hidden = false;
  }

  #note(key) { this.#add(this.#tell(make("p", "note"), key)); }

  /** Only the newest own message shows how far it has come; one that failed goes on showing it. */
  #mark(turn, key) {
    turn.stage = key;
    const failed = key === "refused" || key === "withheld";
    if (!turn.told) turn.append(turn.told = make("span"));
    turn.told.className = failed ? "mark bad" : "mark";
    this.#tell(turn.told, key);
    const own = [...this.#log.querySelectorAll(".own .mark:not(.bad)")];
    own.forEach((mark, index) => { mark.hidden = index < own.length - 1; });
  }

  /** A person has read everything so far. */
  #seen() {
    for (const turn of this.#turns.values()) if (turn.stage === "delivered") this.#mark(turn, "seen");
  }

  #await(id) {
    if (this.#state !== "bot") return;
    this.#unanswered.add(id);
    this.#types("bot", ANSWER_WITHIN);
  }

  #types(who, milliseconds) {
    clearTimeout(this.#quiet);
    if (milliseconds) this.#quiet = setTimeout(() => this.#types(""), milliseconds);
    const atEnd = this.#atEnd();
    this.#typing.hidden = !who;
    if (who) this.#tell(this.#typing, who === "bot" ? "typingBot" : "typingAgent", null, "aria-label");
    if (atEnd) this.#toEnd();
  }

  #atEnd() { return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 80; }

  #toEnd() { this.#log.scrollTop = this.#log.scrollHeight; }

  /** For screen readers: what does not stand in the log. */
  #status(key, value) { this.#tell(this.#said, key, value); }

  #count(unread) {
    this.#unread = unread;
    this.#badge.hidden = !unread;
    this.#badge.textContent = unread > 9 ? "9+" : unread;
    this.#tell(this.#launcher, "open", unread, "aria-label");
  }

  // What the customer does.

  #typed() {
    this.#input.parentNode.dataset.text = this.#input.value;
  }

  #say() {
    const text = this.#input.value.trim();
    this.#input.focus();
    if (!text) return;
    this.#input.value = "";
    this.#typed();
    const frame = { text, language: this.#language };
    try { frame.attributes = JSON.parse(this.getAttribute("attributes")) || undefined; } catch { /* none */ }
    this.#own(this.#line.say(frame), text, true);
  }

  /** Asks for a rating of the hand-over or the conversation, once, unless that is settled. */
  #ask(about, number) {
    const id = `csat-${about}-${number}`;
    if ((this.#memory.get("settled") || []).includes(id) || this.#card(id)) return;
    this.#add(ratingCard(id, about, this.#tell, (score, comment) => {
      if (score) this.#line.say({ id, type: "feedback", about, score, comment: comment || undefined });
      else this.#rated(id, "");
    }));
  }

  #card(id) { return this.#log.querySelector(`[data-ask^=${id}]`); }

  #rated(id, word = "thanks") {
    this.#memory.set("settled", [...(this.#memory.get("settled") || []), id]);
    const card = this.#card(id);
    if (!card) return;
    const focused = card.contains(this.shadowRoot.activeElement);
    card.replaceWith(...(word ? [this.#tell(make("p", "note"), word)] : []));
    if (focused) this.#input.focus();
  }

  /** The conversation goes on: its end is not to be rated yet. */
  #withdraw() {
    const card = this.#card("csat-conversation");
    if (card) card.remove();
  }
}

if (!customElements.get("rapport-chat")) customElements.define("rapport-chat", RapportChat);
