"""What holds for every command: permission, key, batch, log, and that a refusal leaves nothing behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from backstock.cli.replay.runner import database_state
from backstock.cli.verification import ledger_hash
from backstock.core.commands import MAX_ITEMS, REGISTRY, Done, Refused
from backstock.core.errors import DomainError, KeyReused
from backstock.core.models import CommandLog, SecurityLog
from backstock.core.permissions import SYSTEM
from backstock.money.commands.close_period import ClosePeriod, close_period
from backstock.partners.commands.register import RegisterPartner
from backstock.policies.commands.publish import PolicyTerms, PublishPolicy
from tests.build import DAY
from tests.commands.cases import CASES, command, good, parsed
from tests.commands.cases.case import count_anew
from tests.ledgers import refused

every = pytest.mark.parametrize("name", sorted(CASES))
# A spoiled input of these is refused before it can be built, so there is nothing to put into a batch.
decided_late = pytest.mark.parametrize("name", sorted(name for name in CASES if CASES[name].code != "invalid_input"))


def bad(name):
    """An input that its command refuses, in a state of its own."""
    return parsed(name, CASES[name].spoil(CASES[name].make()))


def other(given):
    """The same input with other content."""
    return replace(given, on=given.on + timedelta(days=1))


def test_every_command_has_its_case():
    assert set(CASES) == set(REGISTRY) - {"company.found"}


@every
@pytest.mark.any_database
def test_it_does_nothing_without_a_role_nor_for_too_many_nor_inside_a_foreign_transaction(name, people):
    given, denials = good(name), SecurityLog.objects.count()
    with refused("permission_denied", actor="chen"):
        command(name)(given, actor=people.chen)
    assert SecurityLog.objects.count() == denials + 1

    with refused("invalid_input", field="items", problem=f"{MAX_ITEMS + 1} items, at most 1000 in one batch"):
        command(name).batch([given] * (MAX_ITEMS + 1), actor=SYSTEM)

    state = database_state()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        command(name)(given, actor=SYSTEM)
    assert database_state() == state


@every
def test_it_works_is_logged_once_and_its_key_means_one_effect_and_one_answer(name, people):
    given, fresh = good(name), good(name)
    first = command(name)(given, actor=people.admin, key="k")
    row, state = CommandLog.objects.filter(name=name).order_by("-pk")[0], database_state()
    assert (row.name, row.actor_id, row.document, row.answer) == (
        name,
        people.admin.user_id,
        first.document,
        first.answer,
    )
    assert (row.business_on, first.repeated) == (given.on, False)

    assert command(name)(given, actor=people.admin, key="k") == replace(first, repeated=True)
    assert database_state() == state
    with refused("permission_denied", actor="chen"):
        command(name)(given, actor=people.chen, key="k")
    with refused("key_reused", key="k"):
        command(name)(other(given), actor=people.admin, key="k")

    reused, done = command(name).batch([other(given), fresh], actor=people.admin, keys=["k", "l"], mode="each")
    assert isinstance(reused, Refused)
    assert isinstance(reused.error, KeyReused)
    assert isinstance(done, Done)


@every
@pytest.mark.any_database
def test_the_same_key_twice_is_one_effect_in_every_batch_too(name, people):
    given, more = good(name), good(name)
    [first] = command(name).batch([given], actor=people.admin, keys=["k"], mode="each")
    state = database_state()

    [again] = command(name).batch([given], actor=people.admin, keys=["k"], mode="each")
    assert (again, database_state()) == (replace(first, repeated=True), state)

    both = command(name).batch([given, more], actor=people.admin, keys=["k", "l"], mode="each")
    assert [each.repeated for each in both] == [True, False]
    assert CommandLog.objects.filter(name=name, key__in=["k", "l"]).count() == 2


@decided_late
def test_one_refusal_refuses_all_together_and_one_by_one_only_itself(name, people):
    wrong, one, wrong_too, two = bad(name), good(name), bad(name), good(name)
    with refused(CASES[name].code):
        command(name)(wrong, actor=SYSTEM, key="2")
    with refused(CASES[name].code):
        command(name).batch([one, wrong, two], actor=SYSTEM)

    state = database_state()
    outcomes = command(name).batch([wrong, wrong_too], actor=SYSTEM, mode="each")
    assert [type(outcome) for outcome in outcomes] == [Refused, Refused]
    assert database_state() == state

    inputs = [wrong, one, wrong_too, two]
    outcomes = command(name).batch(inputs, actor=SYSTEM, keys=["1", "2", "3", "4"], mode="each")
    assert [type(outcome) for outcome in outcomes] == [Refused, Done, Refused, Done]
    # The key of what was refused was free.
    assert not outcomes[3].repeated
    assert {outcome.error.code for outcome in outcomes[::2]} == {CASES[name].code}
    assert all(outcome.error.facts() for outcome in outcomes[::2])
    assert set(CommandLog.objects.filter(name=name, key__in="1234").values_list("key", flat=True)) == {"2", "4"}


@pytest.mark.any_database
def test_what_a_refused_item_did_in_memory_leaks_into_no_other(scratch):
    hashes = []
    for with_refused in (False, True):
        with scratch.database():
            hashes.append(_all_commands_in_batches(with_refused))
    assert hashes[0] == hashes[1]


def _all_commands_in_batches(with_refused):
    """Run every command on two good items, with or without refused ones around them; return both ledgers and counters."""
    from tests import build
    from tests.cast import cast
    from tests.invariants import broken_invariants

    build.company(quantity=200)
    cast()
    # The same names in both companies.
    count_anew()
    for name in sorted(CASES):
        one, wrong, two = good(name), CASES[name].code != "invalid_input" and bad(name), good(name)
        inputs = [wrong, one, wrong, two, wrong] if with_refused and wrong else [one, two]
        outcomes = command(name).batch(inputs, actor=SYSTEM, mode="each")
        assert sum(isinstance(outcome, Done) for outcome in outcomes) == 2, (name, outcomes)
    assert broken_invariants() == []
    return ledger_hash()


@pytest.mark.parametrize("keys", [[], ["a", "a"], ["a"], ["", "b"], ["a" * 201, "b"], ["a\0", "b"]])
def test_keys_that_do_not_fit_are_refused(keys, people):
    name = "partners.register"
    inputs = [parsed(name, {"code": "C1"}), parsed(name, {"code": "C2"})]
    with refused("invalid_input"):
        command(name).batch(inputs, actor=SYSTEM, keys=keys)


def test_a_nul_that_no_database_keeps_alike_is_refused_at_every_depth(people):
    with refused("invalid_input", field="name", problem="contains a character that cannot be stored"):
        command("partners.register")(RegisterPartner(code="C9", name="a\0b"), actor=SYSTEM)
    with refused("invalid_input", field="reasons"):
        command("policies.publish")(PublishPolicy(terms=PolicyTerms(reasons={"a": ("b\0",)})), actor=SYSTEM)


def test_an_input_of_another_command_is_refused(people):
    with refused("invalid_input", field="input", problem="RegisterPartner expected"):
        command("partners.register")(good("catalog.define"), actor=SYSTEM)


def test_a_batch_of_nothing_does_nothing(people):
    state = database_state()
    assert [command(name).batch([], actor=SYSTEM) for name in CASES] == [[]] * len(CASES)
    assert database_state() == state


def test_a_denied_actor_learns_nothing_about_documents(people):
    for number in ("R999999", "nonsense"):
        with pytest.raises(DomainError) as caught:
            command("returns.approve")(parsed("returns.approve", {"document": number}), actor=people.chen)
        assert caught.value.code == "permission_denied"


@every
@pytest.mark.any_database
def test_a_day_in_a_closed_period_takes_nothing(name, people):
    given = good(name)
    close_period(ClosePeriod(through=min(given.on, DAY) - timedelta(days=1)), actor=SYSTEM)
    assert command(name)(given, actor=SYSTEM).repeated is False

    late = good(name)
    close_period(ClosePeriod(through=late.on), actor=SYSTEM)
    day = late.on.isoformat()
    with refused("period_closed", on=day, closed_through=day):
        command(name)(late, actor=SYSTEM)
