"""The small language of walks, and who walks them: each step is one interaction, or looks at the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

LOOKS: Final = ("see", "by", "jobs")  # what is no interaction


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person does, or sees."""

    kind: str
    target: str
    value: Any = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """One task of a clerk: by whom, what, and what the company holds afterwards."""

    number: int
    who: str
    steps: Sequence[Step]
    made: Callable[[], bool] | None = None

    @property
    def interactions(self) -> int:
        """Count what the person does."""
        return sum(step.kind not in LOOKS for step in self.steps)


def menu(section: str, entry: str) -> list[Step]:
    """Open a section of the menu and choose an entry: two clicks."""
    return [Step("open", section), Step("entry", entry)]


def click(text: str) -> Step:
    """Click a button, a link or a box by what stands on it."""
    return Step("click", text)


def fill(label: str, value: str) -> Step:
    """Type into a field."""
    return Step("fill", label, value)


def find(label: str, value: str) -> Step:
    """Type into a field and press Enter."""
    return Step("find", label, value)


def choose(label: str, value: str) -> Step:
    """Choose from a list."""
    return Step("choose", label, value)


def scan(code: str) -> Step:
    """Scan a code."""
    return Step("scan", code)


def cell(name: str, value: str) -> Step:
    """Type into the first row of the goods that has this cell empty."""
    return Step("cell", name, value)


def upload(label: str, name: str, content: bytes) -> Step:
    """Choose a file."""
    return Step("upload", label, (name, content))


def see(text: str) -> Step:
    """Look whether something stands on the page."""
    return Step("see", text)


def by(who: str) -> Step:
    """Let somebody else, just logged in, go on."""
    return Step("by", who)


def jobs() -> Step:
    """Wait until the server's jobs are done."""
    return Step("jobs", "")


class Walker:
    """Does what the steps say on the running server, counting."""

    def __init__(self, enter: Callable[[str], Page], work_off: Callable[[], Any], names: Mapping[str, str]) -> None:
        self.enter, self.work_off, self.names, self.count = enter, work_off, names, 0

    def walk(self, walk: Walk) -> int:
        """Walk it; gives the number of interactions."""
        self.count, self.page = 0, self.enter(walk.who)
        for step in walk.steps:
            target = step.target.format(**self.names)
            value = step.value.format(**self.names) if isinstance(step.value, str) else step.value
            getattr(self, f"do_{step.kind}")(target, value)
            self.count += step.kind not in LOOKS
        return self.count

    def do_by(self, who: str, _: Any) -> None:
        self.page = self.enter(who)

    def do_jobs(self, *_: Any) -> None:
        self.work_off()
        self.page.reload()

    def do_see(self, text: str, _: Any) -> None:
        expect(self.page.locator("body")).to_contain_text(text)

    def do_open(self, section: str, _: Any) -> None:
        self.page.locator("#navigation").get_by_role("button", name=section, exact=True).click()

    def do_entry(self, entry: str, _: Any) -> None:
        self.page.locator("#navigation").get_by_role("link", name=entry, exact=True).click()

    def do_click(self, text: str, _: Any) -> None:
        self._clickable(text).click()
        self.page.wait_for_load_state()

    def do_fill(self, label: str, value: str) -> None:
        self._field(label).fill(value)

    def do_find(self, label: str, value: str) -> None:
        field = self._field(label)
        field.fill(value)
        field.press("Enter")
        self._settled()

    def do_choose(self, label: str, value: str) -> None:
        self._field(label).select_option(label=value)
        self._settled()

    def do_scan(self, code: str, _: Any) -> None:
        box = self.page.locator("[data-lines-scan]")
        box.fill(code)
        box.press("Enter")
        expect(self.page.locator("[data-lines-said]")).not_to_be_empty()

    def do_cell(self, name: str, value: str) -> None:
        rows = self.page.locator("[data-lines-row]:visible")
        used = [bool(each.input_value()) for each in rows.locator("[data-line=sku]").all()]
        box = rows.nth(sum(used) if name == "sku" else sum(used) - 1).locator(f"[data-line={name}]")
        box.fill(value)
        if name == "sku":
            expect(self.page.locator("[data-lines-choices].show [role=option]").first).to_contain_text(value)
        box.press("Enter")
        if name == "sku":
            expect(rows.nth(sum(used)).locator("[data-line=quantity]")).to_be_focused()

    def do_upload(self, label: str, value: tuple[str, bytes]) -> None:
        name, content = value
        self._field(label).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})

    def _settled(self) -> None:
        """Wait for what scripts fetch after typing and choosing."""
        self.page.wait_for_timeout(100)
        self.page.wait_for_load_state("networkidle")

    def _clickable(self, text: str) -> Locator:
        """Find it as people do: in the page rather than in its head, the button before what only names it."""
        exact, begins = re.compile(rf"^\s*{re.escape(text)}\s*$"), re.compile(rf"^\s*{re.escape(text)}(\s|$)")
        page, main = self.page.locator(".page-wrapper"), self.page.locator("main")
        expect(page.get_by_text(text).first).to_be_attached()
        for place in (main, page):
            for kind, words in (("button", exact), ("a", exact), ("a, summary, label", begins)):
                found = place.locator(kind).filter(has_text=words, visible=True)
                if found.count():
                    return found.first
        raise AssertionError(f"nothing to click says {text} on {self.page.url}")

    def _field(self, label: str) -> Locator:
        found = (
            self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(\s|$)"))
            .and_(self.page.locator("input, select, textarea"))
            .filter(visible=True)
        )
        return found.first
