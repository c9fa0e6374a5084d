"""Somebody who works without a mouse, and sees at every step where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 80
"""Whoever has to press a key more often than this is lost."""

WHERE = """() => {
    const it = document.activeElement;
    if (it === document.body) return "nowhere";
    const { top, bottom, left, right, width, height } = it.getBoundingClientRect();
    const shown = [it, it.closest("label")].some((node) => {
        const { outlineStyle, outlineWidth } = node ? getComputedStyle(node) : {};
        return outlineStyle && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    const seen = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
    return shown && seen ? "" : `${shown ? "out of sight" : "not shown"}: ${it.outerHTML}`;
}"""
"""Nothing if the focus has an outline and is in sight, else what is wrong with it."""

INSIDE = """() => {
    const it = document.activeElement;
    return it === document.body || Boolean(it.closest("dialog[open]"));
}"""


@dataclass
class Keyboard:
    """A page and the keys that are pressed on it."""

    page: Page

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.page.keyboard.type(text)

    def check_seen(self) -> None:
        """The focus is somewhere, with an outline, in sight."""
        wrong = self.page.evaluate(WHERE)
        assert not wrong, f"{self.page.url}: the focus is {wrong[:300]}"

    def go_to(self, place: Locator, key: str = "Tab") -> None:
        """Press the key until that has the focus, which is seen at each step."""
        for _ in range(MOST_STEPS):
            self.press(key)
            if self.page.evaluate("document.activeElement !== document.body"):
                self.check_seen()
            if place.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{place} is not reached by {key}")

    def choose(self, place: Locator, key: str = "Enter") -> None:
        """Go to something and press it."""
        self.go_to(place)
        self.press(key)

    def check_dialog(self) -> None:
        """A dialog has the focus inside, keeps it there, and goes with Escape."""
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert self.page.evaluate(INSIDE)
        for _ in range(12):
            self.press("Tab")
            assert self.page.evaluate(INSIDE)
        self.press("Escape")
        expect(dialog).to_have_count(0)
