"""A policy is written as a draft, submitted, and published by somebody who did not write it."""

from datetime import date

from backstock.core.models import User
from backstock.core.permissions import actor_for
from backstock.policies.commands.discard_draft import DiscardDraft, discard_draft
from backstock.policies.commands.publish import publish_policy
from backstock.policies.commands.submit_draft import SubmitDraft, submit_draft
from backstock.policies.models import PolicyDraft, PolicyVersion
from backstock.policies.queries import policy_on
from tests import build, build_law, build_policies
from tests.build import DAY
from tests.build_policies import TABLE, approved, draft, submitted
from tests.ledgers import refused


def published(actor, **terms):
    return publish_policy(publish_policy.parse({"terms": terms, "on": DAY.isoformat()}), actor=actor)


def test_a_draft_is_saved_submitted_and_published_and_then_it_is_over(people):
    number = draft(people.qian, window_days=7)
    assert draft(people.wang, number, 1, window_days=15, table=TABLE) == number
    with refused("draft_changed", revision=1, current=2):
        draft(people.qian, number, 1, window_days=8)
    with refused("transition_not_allowed", current="open"):
        approved(number, people.admin, 2)

    other = submitted(people.qian, window_days=3)
    row = PolicyDraft.objects.get(pk=int(number[2:]))
    assert (row.state, row.writers, row.revision) == ("open", sorted([people.qian.user_id, people.wang.user_id]), 2)
    # Saving opens what was submitted again.
    draft(people.qian, other, 1, window_days=4)
    assert PolicyDraft.objects.get(pk=int(other[2:])).state == "open"
    discard_draft(DiscardDraft(draft=other, revision=2), actor=people.qian)
    with refused("transition_not_allowed", current="discarded"):
        draft(people.qian, other, 2, window_days=5)

    third = submitted(people.qian, window_days=15)
    approved(third, people.wang)
    version = PolicyVersion.objects.get()
    assert (version.terms, version.valid_from, version.published_by_id) == (
        {"window_days": 15},
        DAY,
        people.wang.user_id,
    )
    assert PolicyDraft.objects.get(pk=int(third[2:])).version_id == version.pk
    with refused("transition_not_allowed", current="published"):
        approved(third, people.wang)


def test_whoever_wrote_a_policy_does_not_publish_it_unless_nobody_else_could_or_the_policy_says_so(people):
    own = submitted(people.wang, window_days=7)
    with refused("policy_needs_two", actor="wang", document=own):
        approved(own, people.wang)
    # Nor by the short way.
    with refused("policy_needs_two", actor="wang"):
        published(people.wang, window_days=7)
    approved(own, people.admin)

    User.objects.filter(username="admin").update(is_active=False)
    approved(submitted(people.wang, window_days=8), people.wang)
    published(people.wang, window_days=9, publishing="four_eyes")
    with refused("policy_needs_two"):
        published(people.wang, window_days=10)
    User.objects.filter(username="admin").update(is_active=True)
    admin = actor_for(User.objects.get(username="admin"))
    approved(submitted(people.wang, publishing="alone"), admin)
    assert published(people.wang, window_days=11)


def test_what_gives_less_than_the_law_is_not_even_submitted_and_a_day_that_passed_becomes_today(people):
    build_law.chinese()
    build_policies.alone()
    row = {"id": "late", "when": {"channel": {"is": ["online"]}}, "then": {"decision": "reject"}}
    less = draft(people.wang, table={"rows": [row]})
    with refused("policy_below_law", where="table.late"):
        submit_draft(SubmitDraft(draft=less, revision=1, on=DAY), actor=people.wang)

    number = submitted(people.wang, "2026-01-06", window_days=20)
    approved(number, people.wang, on=date(2026, 1, 9))
    assert [policy_on(date(2026, 1, day)).terms.get("window_days") for day in (6, 8, 9)] == [None, None, 20]
    with refused("unknown_document"):
        approved("PD000009", people.wang)
    with refused("invalid_input", field="terms.window_days"):
        build.policy(window_days=-1)
