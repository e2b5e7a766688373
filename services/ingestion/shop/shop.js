"use strict";

// What a page can do with the widget: say a language, a theme, and when to open.
const chat = document.querySelector("rapport-chat");

document.getElementById("help").addEventListener("click", () => chat.open());

document.getElementById("language").addEventListener("change", (event) => {
  chat.lang = event.target.value;
});

document.getElementById("theme").addEventListener("change", (event) => {
  const theme = event.target.value;
  document.documentElement.dataset.theme = theme;
  if (theme) chat.setAttribute("theme", theme);
  else chat.removeAttribute("theme");
});
