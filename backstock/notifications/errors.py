"""Refusals about telling people.

DomainError
├── UnknownPlaceholder    unknown_placeholder
├── UnknownLetter         unknown_letter
├── LetterWaiting         letter_waiting
└── AlreadyRated          already_rated
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class UnknownPlaceholder(DomainError):
    """A text names something in braces that no letter knows."""

    placeholder: str
    choices: str
    code = "unknown_placeholder"
    en = "{placeholder} in braces is nothing that a letter knows. Use one of: {choices}."
    zh = "花括号中的 {placeholder} 不是可用的占位符，可用：{choices}。"


@dataclass(eq=False)
class UnknownLetter(DomainError):
    """No letter of the outbox has this number."""

    letter: int
    code = "unknown_letter"
    en = "There is no letter {letter} in the outbox. Look at the list again."
    zh = "发件箱中没有信件 {letter}，请刷新列表。"


@dataclass(eq=False)
class LetterWaiting(DomainError):
    """The letter has not left yet, so there is nothing to send again."""

    letter: int
    code = "letter_waiting"
    en = "Letter {letter} is still waiting and leaves by itself. Send it again only after it left or failed."
    zh = "信件 {letter} 仍在等待发送，会自动发出；只有已发出或失败的信件才能重发。"


@dataclass(eq=False)
class AlreadyRated(DomainError):
    """A rating was given and changed once; it stands."""

    document: str
    code = "already_rated"
    en = "{document} is rated, and the rating was changed once already. It stands as it is."
    zh = "{document} 已评价且已修改过一次，不能再改。"
