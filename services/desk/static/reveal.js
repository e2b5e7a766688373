// A placeholder shows its value for half a minute to who clicks it. Each time is written down.
import { post } from "./ask.js";

const SHOWN = 30_000;

export async function reveal(path, button) {
  if (button.classList.contains("revealed")) return hide(button);
  const answer = await post(`${path}/reveal`, { placeholder: button.dataset.placeholder });
  if (!answer) return;
  button.dataset.words ??= button.textContent;
  button.textContent = answer.value;
  button.classList.add("revealed");
  button.setAttribute("aria-label", `${button.dataset.words}: ${answer.value}. Hide it`);
  button.hiding = setTimeout(() => hide(button), SHOWN);
}

function hide(button) {
  clearTimeout(button.hiding);
  button.classList.remove("revealed");
  button.textContent = button.dataset.words;
  button.setAttribute("aria-label", `Reveal ${button.dataset.words}`);
}
