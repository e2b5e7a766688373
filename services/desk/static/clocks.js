// Times and waiting times, brought up to date by one timer for the whole page.
const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function startClocks() {
  setInterval(() => showTimes(document, false), 1000);
  showTimes(document);
}

// Everything under `root` that shows a time; `all` also those that do not change.
export function showTimes(root, all = true) {
  const now = Date.now();
  for (const place of root.querySelectorAll("time[data-wait]")) {
    const words = waited((now - Date.parse(place.dateTime)) / 1000);
    if (place.textContent !== words) place.textContent = words;
  }
  if (!all) return;
  for (const place of root.querySelectorAll("time[data-moment]")) {
    place.textContent = moment.format(new Date(place.dateTime));
  }
  for (const place of root.querySelectorAll("time[data-clock]")) {
    place.textContent = clock.format(new Date(place.dateTime));
  }
}

export function waited(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
