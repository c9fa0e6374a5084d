const told = { name: document.title, waiting: 0, news: false };

/** Tells on the browser's tab: what it shows, how many wait, and that something is new. */
export function tellTab(change) {
  Object.assign(told, change);
  const { name, waiting, news } = told;
  document.title = `${news ? "● " : ""}${waiting ? `(${waiting}) ` : ""}${name}`;
}

document.addEventListener("visibilitychange", () => document.hidden || tellTab({ news: false }));
