"""What a button of the editor does to the state: the open part is taken in first, then the button is obeyed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import QueryDict

from backstock.desk.policies import editing
from backstock.desk.policies.names import Names
from backstock.desk.policies.part_forms import BaseForm, RowForm, TermsForm
from backstock.desk.policies.state import State
from backstock.desk.policies.terms import terms_of

type PartForm = TermsForm | None


def part_form(state: State, names: Names, data: QueryDict | None = None) -> PartForm:
    """Return the form of the part that is open; None where nothing is, or what was is gone."""
    kind, _bar, rest = state.opened.partition("|")
    if kind == "row":
        at = editing.row_at(state.terms, rest)
        return None if at is None else RowForm(data, row=editing.rows_of(state.terms)[at], names=names)
    if kind == "base":
        return BaseForm(data, terms=state.terms, names=names)
    if kind in editing.GROUPS and rest in state.terms.get(kind, {}):
        return TermsForm(data, terms=state.terms[kind][rest], names=names)
    return None


def take_in(state: State, form: PartForm) -> bool:
    """Put what the open part says into the terms; False where something in it is wrong."""
    if form is None:
        return True
    if not form.is_valid():
        return False
    kind, _bar, rest = state.opened.partition("|")
    if isinstance(form, RowForm):
        state.change(editing.put_row(state.terms, rest, form.parts()))
    elif isinstance(form, BaseForm):
        values = {**form.terms(), "evidence_for": form.cleaned_data["evidence_for"]}
        names = {**{term.name: None for term in terms_of("base")}, "evidence_for": None}
        state.change(editing.put_base(state.terms, names, values))
    else:
        state.change(editing.put_exception(state.terms, kind, rest, form.terms()))
    return True


def _open(state: State, what: str, field: str = "") -> None:
    state.opened, state.focus = what, field


def _add(state: State, after: str) -> None:
    terms, row_id = editing.add(state.terms, after)
    state.change(terms)
    _open(state, f"row|{row_id}", "w_category")


def _duplicate(state: State, row_id: str) -> None:
    terms, made = editing.duplicate(state.terms, row_id)
    state.change(terms)
    _open(state, f"row|{made}", "w_category")


def _delete(state: State, row_id: str) -> None:
    state.change(editing.delete(state.terms, row_id))
    _open(state, "")


def _move(step: int) -> Callable[[State, str], None]:
    def move(state: State, row_id: str) -> None:
        state.change(editing.move(state.terms, row_id, step))
        _open(state, "", f"move-{row_id}")

    return move


def _drop(state: State, code: str) -> None:
    group, _bar, key = code.partition("|")
    if group in editing.GROUPS:
        state.change(editing.drop_exception(state.terms, group, key))
    elif key.isdigit():
        state.change(editing.drop_condition(state.terms, group, int(key)))
    _open(state, "")


def _undo(state: State, _rest: str) -> None:
    if state.before is not None:
        state.terms, state.before = state.before, state.terms
    _open(state, "")


def _row(state: State, rest: str) -> None:
    row_id, _bar, field = rest.partition("|")
    _open(state, f"row|{row_id}", field or "w_category")


DOES: Mapping[str, Callable[[State, str], None]] = {
    "row": _row, "add": _add, "duplicate": _duplicate, "delete": _delete, "up": _move(-1), "down": _move(1), "drop": _drop,
    "undo": _undo, "base": lambda state, _rest: _open(state, "base", "window_days"),
    "exception": lambda state, rest: _open(state, rest, "window_days"), "close": lambda state, _rest: _open(state, ""),
}  # fmt: skip


def add_exception(state: State, data: QueryDict) -> bool:
    """Add the exception that was chosen, and open it; False where nothing was."""
    group = data.get("new_group", "")
    key = (data.get(f"new_{group}") or "").strip()[:60]
    if group not in editing.GROUPS or not key:
        return False
    if key not in state.terms.get(group, {}):
        state.change(editing.put_exception(state.terms, group, key, {}))
    _open(state, f"{group}|{key}", "window_days")
    return True


def obey(state: State, do: str) -> None:
    """Do what a button says that changes the terms or what is open; other buttons are the page's."""
    name, _bar, rest = do.partition("|")
    if name in DOES:
        DOES[name](state, rest)


def chosen_hit(state: State, data: QueryDict) -> None:
    """Take in which row counts."""
    if "hit" in data:
        state.terms = editing.choose_hit(state.terms, data.get("hit", ""))


def opening(state: State, query: Mapping[str, Any]) -> None:
    """Open what an address asks for: ?open=row|r1|window_days."""
    obey(state, str(query.get("open", ""))[:200])
