/** An element: `tag.class`, attributes, listeners, children. A string becomes text, never HTML. */
export function el(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (tag === "button") node.type = "button";
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node[key] = value;
    else set(node, key, value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** Sets an attribute; true sets it empty, false or null takes it away. */
export function set(node, key, value) {
  if (value === false || value == null) node.removeAttribute(key);
  else node.setAttribute(key, value === true ? "" : value);
}

const PATHS = {
  chat: "M12 4c-11 0-11 9-6 12l-.5 4 4-2C23 20 24 4 12 4zM8 11h.1M12 11h.1M16 11h.1",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  photo: "M4 8h4l1-2h6l1 2h4v11H4zM12 10a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  file: "M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9.5 14.5L12 17l2.5-2.5",
  agent: "M12 5a3 3 0 1 0 0 7 3 3 0 0 0 0-7M5 19c1-6 13-6 14 0",
  bot: "M5 9h14v9H5zM12 9V5M9.5 12v2M14.5 12v2",
  check: "M5 12l5 5 9-10",
  star: "M12 4l2.5 5 5.5.8-4 3.9 1 5.5-5-2.6-5 2.6 1-5.5-4-3.9 5.5-.8z",
};

/** A line icon; what is around it carries the label. */
export function icon(name) {
  const [svg, path] = ["svg", "path"].map((tag) =>
    document.createElementNS("http://www.w3.org/2000/svg", tag),
  );
  set(svg, "viewBox", "0 0 24 24");
  set(svg, "aria-hidden", "true");
  set(path, "d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A link to a new tab, or null if the address is no https one. */
export function link(href, ...text) {
  if (!/^https:\/\//i.test(href)) return null;
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Text, its https addresses made into links. */
export function withLinks(text) {
  const parts = text.split(/(https:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]}»”])/);
  return parts.map((part, i) => (i % 2 && link(part, part)) || part);
}
