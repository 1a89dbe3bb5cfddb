"""The log is sealed block by block: whoever changes, deletes or inserts a row of it shows."""

import pytest
from django.db import connection

from backstock.cli.verification import verify
from backstock.core.models import CommandLog, SealBlock
from backstock.core.sealing import check_seals, seal
from tests import build


@pytest.fixture
def sealed(shop):
    """Two blocks over some rows."""
    build.sold()
    assert seal() == CommandLog.objects.count()
    build.sold()
    assert seal() == 1
    return CommandLog.objects.order_by("pk")


def broken(sealed):
    return [str(problem) for problem in verify().problems]


def test_sealing_chains_what_is_new_and_nothing_twice(sealed):
    first, second = SealBlock.objects.order_by("pk")

    assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
    assert (second.first_id, second.last_id, second.rows) == (sealed.last().pk, sealed.last().pk, 1)
    assert (seal(), check_seals()) == (0, [])


CHANGES = {
    "name": "x", "actor_id": None, "key": "x", "digest": "x", "payload": {"x": 1}, "answer": {"x": 1}, "events": [1],
    "document": "x", "business_on": "1999-01-01", "recorded_at": "1999-01-01T00:00:00Z",
}  # fmt: skip


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_field_of_any_row_shows(sealed, field, people):
    changed = {"actor_id": people.wu.user_id} if field == "actor_id" else {field: CHANGES[field]}
    CommandLog.objects.filter(pk=sealed.first().pk).update(**changed)

    [problem] = [each for each in broken(sealed) if "the log is sealed" in each]
    assert f"rows {SealBlock.objects.first().first_id} to" in problem


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize("which", ["first", "last"])
def test_a_deleted_row_shows(sealed, which):
    getattr(sealed, which)().delete()
    assert "the log is sealed" in " ".join(broken(sealed))


@pytest.mark.breaks_ledgers
def test_a_row_moved_behind_the_seal_shows(sealed):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_commandlog SET id = id + 1000 WHERE id = %s", [sealed[2].pk])
    assert "the log is sealed" in " ".join(broken(sealed))


@pytest.mark.breaks_ledgers
def test_a_row_pushed_into_a_gap_between_two_blocks_shows(sealed):
    build.policy()
    gap = sealed.last()
    with connection.cursor() as cursor:  # numbers of refused commands are never given again
        cursor.execute("UPDATE core_commandlog SET id = id + 10 WHERE id = %s", [gap.pk])
    assert (seal(), check_seals()) == (1, [])

    CommandLog.objects.create(**{**CommandLog.objects.values().last(), "id": gap.pk + 5, "key": "forged"})

    assert "the log is sealed" in " ".join(broken(sealed))


@pytest.mark.breaks_ledgers
@pytest.mark.parametrize("damage", [{"hash": "f" * 64}, {"previous_hash": "f" * 64}, {"rows": 99}])
def test_a_changed_block_shows(sealed, damage):
    SealBlock.objects.filter(pk=SealBlock.objects.first().pk).update(**damage)
    assert "the log is sealed" in " ".join(broken(sealed))


@pytest.mark.breaks_ledgers
def test_a_deleted_block_shows_unless_it_is_the_last_which_is_sealed_anew(sealed):
    SealBlock.objects.first().delete()
    assert "the log is sealed" in " ".join(broken(sealed))


def test_longer_logs_are_sealed_in_several_blocks(sealed, monkeypatch):
    monkeypatch.setattr("backstock.core.sealing.MOST_ROWS", 2)
    for _ in range(5):
        build.sold(quantity=1)
    assert (seal(), SealBlock.objects.count(), check_seals()) == (5, 5, [])
