// One server-sent stream that says when it is broken and comes back where it was.
const SILENCE = 25_000;
const broken = new Set();

export class Stream {
  constructor(address, handlers) {
    this.address = address; // a function: where to go on from
    this.handlers = handlers;
    this.closed = false;
    this.failures = 0;
    this.open();
  }

  open() {
    if (this.closed) return;
    const source = new EventSource(this.address());
    this.source = source;
    source.onopen = () => this.heard();
    source.onerror = () => this.lost();
    source.addEventListener("ping", () => this.heard());
    for (const [name, handler] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => {
        this.heard();
        handler(JSON.parse(event.data), event.lastEventId);
      });
    }
    this.watch();
  }

  heard() {
    this.failures = 0;
    if (broken.delete(this)) tell();
    this.watch();
  }

  watch() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lost(), SILENCE);
  }

  // The browser's own retry gives up on an error page; this one does not.
  async lost() {
    clearTimeout(this.silence);
    this.source.close();
    if (this.closed) return;
    broken.add(this);
    tell();
    const pause = Math.min(500 * 2 ** this.failures, 5000);
    this.failures += 1;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), pause);
    if (this.failures % 4 === 2) await signedIn();
  }

  now() {
    if (!broken.has(this) || this.closed) return;
    clearTimeout(this.retry);
    this.source.close();
    this.open();
  }

  close() {
    this.closed = true;
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.source.close();
    if (broken.delete(this)) tell();
  }
}

let trouble = "";

export function troubleWith(what) {
  trouble = what;
  tell();
}

function tell() {
  const banner = document.getElementById("banner");
  let words = "";
  if (broken.size) {
    words = "Disconnected. Trying again; what you write is kept, and what you miss comes after.";
  } else if (trouble) {
    words = "The platform does not answer. What you see may be old.";
  }
  if (banner.textContent !== words) banner.textContent = words;
  banner.hidden = !words;
  document.body.classList.toggle("disconnected", broken.size > 0);
}

async function signedIn() {
  try {
    const response = await fetch("/signed-in", { cache: "no-store" });
    if (response.status === 401) location.assign("/sign-in");
  } catch {
    // Still away.
  }
}

window.addEventListener("online", () => {
  for (const stream of broken) stream.now();
});
