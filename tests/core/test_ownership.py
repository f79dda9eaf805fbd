"""Nothing that holds personal data is forgotten: every table and column is declared, and soundly."""

from typing import Any

import pytest
from allauth.account.models import EmailConfirmation
from django.core.checks import run_checks
from django.db.models import Model

from apps.accounts.models import Guardianship, Student, User
from apps.core import ownership
from apps.core.ownership import Fate, Subject, declare, deleted_with, emptied_with, kept_with
from apps.notifications.models import Delivery
from apps.practice.models import EntryComment, NewMark, PracticeEntry


@pytest.fixture
def redeclared(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The registry as a copy, which a test may change."""
    tables = dict(ownership.tables())
    monkeypatch.setattr(ownership, "_tables", tables)
    return tables


def test_every_column_of_every_table_is_declared() -> None:
    assert ownership.problems() == []


def test_the_system_check_names_what_is_missing(redeclared: dict[str, Any]) -> None:
    del redeclared["practice.entrycomment"]
    assert [error.msg for error in run_checks(tags=["models"]) if error.id == "woodshed.E005"] == [
        "practice.EntryComment: nobody has declared whose data this is"
    ]


def again(tables: dict[str, Any], model: type[Model], *ties: ownership.Tie, **said: Any) -> list[str]:
    """The problems after this model was declared anew with these words."""
    del tables[model._meta.label_lower]
    declare(model, *ties, **said)
    return sorted(ownership.problems())


def test_a_new_column_fails(redeclared: dict[str, Any]) -> None:
    found = again(
        redeclared,
        Guardianship,
        deleted_with(Subject.STUDENT, "student", is_exported=True),
        deleted_with(Subject.PERSON, "guardian"),
        exported="id student guardian started_at suspended_at",
    )
    assert found == ["accounts.Guardianship.ended_at: is it exported, or withheld for a reason?"]


def test_what_is_gone_fails(redeclared: dict[str, Any]) -> None:
    found = again(
        redeclared,
        Guardianship,
        deleted_with(Subject.STUDENT, "student", is_exported=True),
        emptied_with(Subject.PERSON, "guardian", because="So.", emptied={"phone": ""}),
        exported="id student guardian started_at ended_at suspended_at phone",
    )
    assert found == [
        "accounts.Guardianship.phone: there is no such column",
        "accounts.Guardianship.phone: there is no such column to empty",
    ]


def test_a_reason_and_an_owner_are_asked_for(redeclared: dict[str, Any]) -> None:
    found = again(
        redeclared,
        Guardianship,
        kept_with(Subject.STUDENT, "student", because="", is_exported=True),
        exported="id student guardian started_at ended_at suspended_at",
    )
    assert found == [
        "accounts.Guardianship.guardian: points to a person, and no tie says what becomes of it",
        "accounts.Guardianship: why does the row stay when student goes?",
    ]
    assert again(redeclared, Guardianship, withheld={"So.": "*"})[-1] == (
        "accounts.Guardianship: whose data is this?"
    )


def test_emptying_names_its_columns(redeclared: dict[str, Any]) -> None:
    found = again(
        redeclared,
        Guardianship,
        deleted_with(Subject.STUDENT, "student", is_exported=True),
        emptied_with(Subject.PERSON, "guardian", because="So.", emptied={}),
        exported="id student guardian started_at ended_at suspended_at",
    )
    assert found == ["accounts.Guardianship: which columns does guardian empty?"]


def test_what_hangs_on_a_diarys_rows_is_a_diarys(redeclared: dict[str, Any]) -> None:
    """A table without a column that names the student: its rows would outlive the diary."""
    found = again(redeclared, NewMark, nobodys="", withheld={"So.": "*"})
    assert found == [
        "practice.NewMark.entry: points to rows of a student, but is not tied to one",
        "practice.NewMark.teaching: points to rows of a student, but is not tied to one",
        "practice.NewMark: whose data is this?",
    ]
    by_teacher = again(
        redeclared, NewMark, deleted_with(Subject.PERSON, "teaching__teacher"), withheld={"So.": "*"}
    )
    assert by_teacher == found[:2]


def test_what_hangs_on_a_persons_rows_is_a_persons(redeclared: dict[str, Any]) -> None:
    found = again(
        redeclared,
        EmailConfirmation,
        deleted_with(Subject.STUDENT, "email_address__user__student"),
        withheld={"So.": "*"},
    )
    assert found == [
        "account.EmailConfirmation.email_address: points to rows of a person, but is not tied to one"
    ]


def test_what_is_exported_has_exactly_one_way_to_its_owner(redeclared: dict[str, Any]) -> None:
    ties = [deleted_with(Subject.STUDENT, "student"), deleted_with(Subject.PERSON, "guardian")]
    columns = "id student guardian started_at ended_at suspended_at"
    assert again(redeclared, Guardianship, *ties, exported=columns) == [
        "accounts.Guardianship: which tie gives its rows to an export?"
    ]
    twice = [deleted_with(Subject.PERSON, path, is_exported=True) for path in ("guardian", "student__user")]
    assert again(redeclared, Guardianship, ties[0], *twice, exported=columns) == [
        "accounts.Guardianship: only one tie of a person can be exported"
    ]


def test_nobodys_table_says_nothing_else(redeclared: dict[str, Any]) -> None:
    found = again(redeclared, Delivery, nobodys="Mails.", exported="email")
    assert found == ["notifications.Delivery: nobody's data has no owner and no export"]


def test_two_declarations_are_refused() -> None:
    with pytest.raises(ownership.TableAlreadyDeclared, match=r"accounts\.student"):
        declare(Student, nobodys="Nobody's.")


def test_rows_go_before_what_leads_to_their_owner() -> None:
    order = [table.name for table in ownership.in_order()]
    for below, above in [
        ("practice.practiceitem", "practice.practiceentry"),
        ("practice.practiceitemrevision", "practice.practiceentry"),
        ("practice.entrycommentrevision", "practice.entrycomment"),
        ("practice.practiceentry", "private_teaching.teaching"),
        ("private_teaching.teaching", "accounts.student"),
        ("accounts.student", "accounts.user"),
        # Found by the account's addresses.
        ("accounts.invitation", "account.emailaddress"),
        ("notifications.delivery", "account.emailaddress"),
        ("sessions.session", "account.emailaddress"),
    ]:
        assert order.index(below) < order.index(above), (below, above)
    assert sorted(order) == sorted(ownership.tables())


def test_what_becomes_of_the_diary() -> None:
    """The decisions that matter most, a second time and by hand."""

    def fates(model: type[Model]) -> dict[str, Fate]:
        table = ownership.tables()[model._meta.label_lower]
        return {f"{tie.subject}:{tie.path}": tie.fate for tie in table.ties}

    assert fates(PracticeEntry) == {"student:student": Fate.DELETED, "person:logged_by": Fate.EMPTIED}
    assert fates(EntryComment) == {"student:entry__student": Fate.DELETED, "person:author": Fate.EMPTIED}
    assert fates(User) == {"person:pk": Fate.EMPTIED}
    comment = ownership.tables()["practice.entrycomment"]
    assert "body" not in next(tie for tie in comment.ties if tie.path == "author").emptied


def test_no_secret_is_exported() -> None:
    for name, secrets in {
        "accounts.user": {"password"},
        "accounts.invitation": {"nonce", "token_hash"},
        "notifications.delivery": {"payload"},
        "mfa.authenticator": {"data"},
        "sessions.session": {"session_key", "session_data"},
    }.items():
        assert secrets <= set(ownership.tables()[name].withheld), name
