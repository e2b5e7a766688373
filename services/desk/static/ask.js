// Asking the desk for something, and saying how that went.
const csrf = document.body.dataset.csrf ?? "";
let fading;

export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => place.classList.remove("shown"), 4000);
}

// The answer, or null once the reason was told. With `again`, an outage is waited out.
export async function post(path, body = {}, { again = false } = {}) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    const answer = await once(path, body);
    if (answer.ok) return answer.json;
    if (answer.status === 401) {
      location.assign("/sign-in");
      return null;
    }
    const outage = answer.status === 0 || answer.status >= 500;
    if (!again || !outage) {
      toast(answer.json?.error ? sentence(answer.json.error) : "The desk cannot be reached");
      return null;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
}

async function once(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-csrf-token": csrf },
      body: JSON.stringify(body),
    });
    return { ok: response.ok, status: response.status, json: await response.json().catch(() => null) };
  } catch {
    return { ok: false, status: 0, json: null };
  }
}

// An id of our own: sent again after an outage, it is the same message.
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
