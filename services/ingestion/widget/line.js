const FIRST_PAUSE = 400, LONGEST_PAUSE = 8000; // milliseconds between two tries to connect
const PING_EVERY = 20000, PONG_WITHIN = 8000;

/** What outlives a reload of the page: the conversation's id, and what the door has not yet. */
class Memory {
  #kept = {};

  constructor(place) {
    this.place = place;
    try { this.#kept = JSON.parse(sessionStorage.getItem(place)) || {}; } catch { /* not allowed */ }
  }

  get(name) { return this.#kept[name]; }

  set(name, value) {
    this.#kept[name] = value;
    try { sessionStorage.setItem(this.place, JSON.stringify(this.#kept)); } catch { /* not allowed */ }
  }
}

/** The way to the door. It resumes after the last position, and sends again what was not accepted,
    in order and under the same id: nothing is lost and nothing comes twice. */
class Line {
  #inFlight = null;
  #pause = FIRST_PAUSE;
  #position = 0;
  #socket = null;
  #later = 0;
  #patience = 0;
  #wake = () => this.#connect();

  /** `address` gives the URL for a position; `hear` is told every frame. */
  constructor(address, memory, hear) {
    this.address = address;
    this.memory = memory;
    this.hear = hear;
    this.outbox = memory.get("outbox") || [];
    this.beat = setInterval(() => this.#ping(), PING_EVERY);
    addEventListener("online", this.#wake);
    this.#connect();
  }

  close() {
    clearInterval(this.beat);
    clearTimeout(this.#later);
    removeEventListener("online", this.#wake);
    this.#drop();
  }

  /** Sends a frame for certain; its id. */
  say(frame) {
    const sent = { id: crypto.randomUUID(), ...frame };
    this.outbox.push(sent);
    this.memory.set("outbox", this.outbox);
    this.#flush();
    return sent.id;
  }

  /** Sends what may be lost. */
  mention(type) {
    if (this.#open) this.#socket.send(JSON.stringify({ type }));
  }

  get #open() { return this.#socket && this.#socket.readyState === WebSocket.OPEN; }

  #connect() {
    clearTimeout(this.#later);
    if (this.#socket) return;
    const socket = this.#socket = new WebSocket(this.address(this.#position));
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.hear({ type: "connected" });
      this.#flush();
    };
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = () => this.#lost();
  }

  #drop() {
    clearTimeout(this.#patience);
    if (this.#socket) {
      this.#socket.onclose = this.#socket.onmessage = null;
      this.#socket.close();
    }
    this.#socket = this.#inFlight = null;
  }

  #lost() {
    this.#drop();
    this.hear({ type: "disconnected" });
    this.#later = setTimeout(() => this.#connect(), this.#pause * (0.6 + 0.8 * Math.random()));
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
  }

  #ping() {
    if (!this.#open) return;
    this.mention("ping");
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#lost(), PONG_WITHIN); // a dead network tells nobody
  }

  #flush() {
    const [frame] = this.outbox;
    if (!frame || !this.#open || this.#inFlight) return;
    this.#inFlight = frame.id;
    this.#socket.send(JSON.stringify(frame));
  }

  #take(frame) {
    clearTimeout(this.#patience);
    if (frame.type === "accepted" || frame.type === "rejected") return this.#answered(frame);
    if (frame.position) {
      if (frame.position <= this.#position) return;
      this.#position = frame.position;
    }
    this.hear(frame);
  }

  #answered(frame) {
    if (!this.#inFlight || (frame.id && frame.id !== this.#inFlight)) return;
    this.#inFlight = null;
    if (frame.status === 429 || frame.status === 503) {
      setTimeout(() => this.#flush(), (frame.retry_after || 2) * 1000);
      return;
    }
    const sent = this.outbox.shift();
    this.memory.set("outbox", this.outbox);
    this.hear({ ...frame, sent });
    this.#flush();
  }
}
