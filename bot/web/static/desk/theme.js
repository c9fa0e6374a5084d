// Before the first paint, hence no module: else a dark desk would flash white.
{
  let chosen;
  try {
    chosen = JSON.parse(localStorage["makegood:desk:theme"] ?? null);
  } catch {
    // Storage is forbidden.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
