"""The access engine: no rule, no rows; the list, the check and the button give one answer."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from apps.accounts.models import Student, User
from apps.core import access
from apps.practice.models import PracticeEntry
from tests.conftest import Cast


@pytest.fixture
def own_rules() -> Iterator[None]:
    """Rules registered in a test are gone after it."""
    before = dict(access.registered_rules())
    yield
    access._rules.clear()
    access._rules.update(before)


def test_two_rules_for_one_action_are_refused(own_rules: None) -> None:
    with pytest.raises(access.RuleAlreadyExists, match="Student: view"):
        access.rule(Student, "view")(lambda user: Q())


def test_one_function_may_rule_several_actions(own_rules: None) -> None:
    rule = access.rule(User, "wave", "nod")(lambda user: Q(pk=user.pk))
    assert access.registered_rules()[User, "wave"] is rule
    assert access.registered_rules()[User, "nod"] is rule


def test_no_rule_no_rows(cast: Cast) -> None:
    assert access.condition(Student, "sell", cast.user("guardian")) is None
    assert not access.allowed(Student.objects.all(), "sell", cast.user("guardian")).exists()


@pytest.mark.parametrize("action", ["view", "sell"])
def test_anonymous_gets_nothing(cast: Cast, action: str) -> None:
    assert not access.allowed(Student.objects.all(), action, AnonymousUser()).exists()


def test_a_closed_account_gets_nothing_at_once(cast: Cast) -> None:
    guardian = cast.user("guardian")
    assert access.is_allowed("view", guardian, cast.student)
    guardian.is_active = False
    assert not access.is_allowed("view", guardian, cast.student)


def test_the_list_the_check_and_the_button_agree(cast: Cast) -> None:
    for name, user in vars(cast.people).items():
        listed = set(access.allowed(PracticeEntry.objects.all(), "view", user))
        checked = {e for e in PracticeEntry.objects.all() if access.is_allowed("view", user, e)}
        buttons = access.with_permission(PracticeEntry.objects.all(), user, may_view="view")
        assert listed == checked == {e for e in buttons if vars(e)["may_view"]}, name


def test_a_button_without_a_rule_is_off(cast: Cast) -> None:
    rows = access.with_permission(
        Student.objects.filter(pk=cast.student.pk), cast.user("guardian"), may_view="view", may_sell="sell"
    )
    assert [(vars(row)["may_view"], vars(row)["may_sell"]) for row in rows] == [(True, False)]


def test_the_door_opens(cast: Cast) -> None:
    found = access.get_allowed_or_404(
        Student.objects.all(), "view", cast.user("guardian"), pk=cast.student.pk
    )
    assert found == cast.student


@pytest.mark.parametrize("action", ["view", "comment", "sell"])
def test_the_door_hides_what_one_may_not_know_of(cast: Cast, action: str) -> None:
    with pytest.raises(Http404):
        access.get_allowed_or_404(Student.objects.all(), action, cast.user("stranger"), pk=cast.student.pk)


@pytest.mark.parametrize("action", ["log_practice", "sell"])
def test_the_door_says_no_to_who_may_look_only(cast: Cast, action: str) -> None:
    with pytest.raises(PermissionDenied):
        access.get_allowed_or_404(Student.objects.all(), action, cast.user("viewer"), pk=cast.student.pk)


@pytest.mark.parametrize(
    ("perm", "answer"),
    [
        ("practice.view_practiceentry", True),
        ("practice.change_practiceentry", True),
        ("practice.amend_practiceentry", False),
        ("practice.sell_practiceentry", False),
        ("accounts.view_practiceentry", False),
        ("practice.view_student", False),
        ("view_practiceentry", False),
        ("nonsense", False),
    ],
)
def test_django_asks_the_same_rules(cast: Cast, perm: str, answer: bool) -> None:
    assert cast.user("guardian").has_perm(perm, cast.entry) is answer


def test_the_backend_answers_only_for_rows(cast: Cast) -> None:
    backend = access.RelationshipBackend()
    guardian = cast.user("guardian")
    assert not backend.has_perm(guardian, "practice.view_practiceentry")
    assert not backend.has_perm(guardian, "practice.view_practiceentry", "a row's name")  # type: ignore[arg-type]


@pytest.mark.parametrize("who", ["staff", "superuser", "stranger"])
def test_rank_opens_no_diary(cast: Cast, who: str) -> None:
    assert not cast.user(who).has_perm("practice.view_practiceentry", cast.entry)
