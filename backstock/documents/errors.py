"""Refusals about papers.

DomainError
└── PaperNotReady     paper_not_ready
"""

from __future__ import annotations

from dataclasses import dataclass

from backstock.core.errors import DomainError


@dataclass(eq=False)
class PaperNotReady(DomainError):
    """What the paper would say has not happened yet."""

    document: str
    paper: str
    code = "paper_not_ready"
    en = "{document} has no {paper} yet: the step that it is about was not done. Do the step first, then print."
    zh = "{document} 还没有 {paper}：对应的步骤尚未完成。请先完成该步骤再打印。"
