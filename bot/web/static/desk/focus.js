const REACHABLE = "a[href], button, summary, input, select, textarea, [tabindex]";

/** What a part of the page is called, to find it again when it was made anew. */
function nameOf(node) {
  const { act } = node.dataset;
  return `${node.tagName} ${act ?? node.getAttribute("aria-label") ?? node.textContent}`;
}

/** What the focus can be on, in `root` and `root` itself. */
function reachable(root) {
  const all = [root, ...root.querySelectorAll(REACHABLE)];
  return all.filter((node) => node.matches(REACHABLE) && !node.disabled && node.checkVisibility());
}

/**
 * Changes what is in `root` without losing the focus.
 *
 * If what had it is made anew or gone, what is called the same gets it, else what is now in its
 * place, else the page. `after` is where to look if `root` itself is replaced.
 */
export function keepFocus(root, change, after = root) {
  const focused = document.activeElement;
  if (focused === root && after === root) return change();
  if (!root.contains(focused)) return change();
  const [name, place] = [nameOf(focused), reachable(root).indexOf(focused)];
  change();
  if (document.activeElement === focused) return;
  if (focused.isConnected) return focused.focus({ preventScroll: true });
  const all = reachable(after);
  const next = all.find((node) => nameOf(node) === name) ?? all[Math.min(place, all.length - 1)];
  (next ?? document.getElementById("main")).focus({ preventScroll: true });
}

/** Remembers what has the focus; called later, it gives it back, also to what stands for it then. */
export function rememberFocus() {
  const opener = document.activeElement;
  const name = nameOf(opener);
  return () => {
    const menu = opener.closest("[popover]");
    const opened = menu && document.querySelector(`[popovertarget="${menu.id}"]`);
    const again = () => reachable(document.body).find((node) => nameOf(node) === name);
    const next = opened ?? (opener.isConnected ? opener : again());
    (next ?? document.getElementById("main")).focus();
  };
}
