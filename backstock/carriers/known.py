"""What is known of a carrier: its names, how its waybills begin, and where a parcel is followed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

NUMBER = "{number}"


@dataclass(frozen=True, slots=True)
class Known:
    """One carrier."""

    code: str
    words: Mapping[str, str]
    tracking_url: str = ""
    prefixes: tuple[str, ...] = ()
    is_retired: bool = False

    def called(self, language: str) -> str:
        """Return its name in a language, else in another one."""
        wanted = "zh-hans" if language.lower().startswith("zh") else "en"
        return self.words.get(wanted) or next(iter(self.words.values()), self.code)

    def href(self, number: str) -> str:
        """Return where a parcel is followed, empty where that is not known."""
        return self.tracking_url.replace(NUMBER, quote(number, safe="")) if self.tracking_url and number else ""


def named(carriers: Iterable[Known], text: str) -> Known | None:
    """Return the carrier that a text names, by its code or by a name in any language."""
    wanted = text.strip().casefold()
    return next((each for each in carriers if wanted and wanted in _names(each)), None)


def _names(carrier: Known) -> set[str]:
    return {carrier.code.casefold(), *(name.casefold() for name in carrier.words.values())}


def of_waybill(carriers: Iterable[Known], number: str) -> Known | None:
    """Return the carrier whose waybills begin like this one; of several the longest beginning."""
    upper = number.strip().upper()
    fitting = [(len(begin), each) for each in carriers for begin in each.prefixes if begin and upper.startswith(begin)]
    return max(fitting, key=lambda pair: pair[0], default=(0, None))[1]
