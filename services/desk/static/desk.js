// The page's beginning: what every view has, and which of its parts are there.
import { post, toast } from "./ask.js";
import { startInbox } from "./inbox.js";
import { startKeys } from "./keys.js";
import { startClocks } from "./clocks.js";

startClocks();

document.getElementById("sign-out").addEventListener("click", async () => {
  await post("/sign-out");
  location.assign("/sign-in");
});

document.getElementById("presence")?.addEventListener("change", async (event) => {
  const chosen = event.target.selectedOptions[0].textContent;
  if (await post("/presence", { presence: event.target.value })) toast(`You are ${chosen.toLowerCase()}`);
});

if (document.getElementById("desk")) {
  startInbox();
  startKeys();
}
