// How the widget builds what it shows: node by node, never from a string of HTML.

const ICONS = {
  chat: "M6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.6 4.1c-.5.5-1.4.1-1.4-.6V15.5A2.5 2.5 0 0 1 4 13.5v-8A2.5 2.5 0 0 1 6.5 3",
  down: "M6 9.2 12 15l6-5.8-1.4-1.4-4.6 4.4-4.6-4.4z",
  send: "M3.4 20.4 21 12 3.4 3.6v6.4l11 2-11 2z",
  person: "M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4m0 2c-4 0-7.6 2-7.6 4.9V21h15.2v-2.1C19.6 16 16 14 12 14",
  star: "m12 2.8 2.9 5.9 6.5.9-4.7 4.6 1.1 6.4-5.8-3-5.8 3 1.1-6.4L2.6 9.6l6.5-.9z",
  bot: "M11 2h2v2.6h4.5A2.5 2.5 0 0 1 20 7.1v9.4a2.5 2.5 0 0 1-2.5 2.5h-11A2.5 2.5 0 0 1 4 16.5V7.1a2.5 2.5 0 0 1 2.5-2.5H11zM9 9.5a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2m6 0a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2M8.5 14.5v1.6h7v-1.6z",
};

/** A node of a class with properties or attributes, and children: nodes, texts or nothing. */
function make(name, className, properties, ...children) {
  const node = document.createElement(name);
  if (className) node.className = className;
  for (const [key, value] of Object.entries(properties || {})) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

function button(className, onclick, ...children) {
  return make("button", className, { type: "button", onclick }, ...children);
}

function icon(name) {
  const drawn = (kind, attribute, value) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", kind);
    node.setAttribute(attribute, value);
    return node;
  };
  const svg = drawn("svg", "viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(drawn("path", "d", ICONS[name]));
  return svg;
}

/** Puts a text into a node, its web addresses as links. */
function linked(node, text) {
  for (const part of text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/)) {
    const there = { href: part, target: "_blank", rel: "noopener noreferrer", textContent: part };
    node.append(/^https?:\/\//.test(part) ? make("a", "", there) : part);
  }
  return node;
}
