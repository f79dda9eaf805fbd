"""A teacher's comment reaches the family once, and only while it may be read."""

from uuid import uuid4

from django.core import mail
from django.utils import timezone

from apps.notifications import services
from apps.practice.models import EntryComment
from apps.practice.models.comments import AuthorRole
from apps.practice.services import add_comment, delete_comment
from tests.conftest import Cast


def comment(cast: Cast, who: str, role: AuthorRole, body: str = "Bravo, slower at the end!") -> EntryComment:
    return add_comment(
        key=uuid4(),
        entry=cast.entry,
        by=cast.user(who),
        role=role,
        body=body,
        now=timezone.now(),
        thread=cast.teaching if role == AuthorRole.TEACHER else None,
    )


def deliver() -> set[str]:
    services.deliver_due(clock=timezone.now)
    return {message.to[0] for message in mail.outbox}


def emails(cast: Cast, *names: str) -> set[str]:
    return {cast.user(name).email for name in names}


def test_the_whole_family_hears_a_teacher(cast: Cast) -> None:
    comment(cast, "teacher", AuthorRole.TEACHER)
    assert deliver() == emails(cast, "student", "guardian", "second_guardian")
    assert all("Bravo, slower" in message.body for message in mail.outbox)
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {
        cast.user("student").email: "Teacher Qzteacher wrote about your practice",
        cast.user("guardian").email: "Teacher Qzteacher wrote about the practice of Mia",
        cast.user("second_guardian").email: "Teacher Qzteacher wrote about the practice of Mia",
    }


def test_the_family_does_not_mail_itself_or_teachers(cast: Cast) -> None:
    comment(cast, "guardian", AuthorRole.GUARDIAN)
    assert deliver() == set()


def test_words_taken_back_do_not_leave(cast: Cast) -> None:
    delete_comment(comment=comment(cast, "teacher", AuthorRole.TEACHER), now=timezone.now())
    assert deliver() == set()


def test_a_guardian_who_left_meanwhile_hears_nothing(cast: Cast) -> None:
    comment(cast, "teacher", AuthorRole.TEACHER)
    cast.user("guardian").guardianships.update(ended_at=timezone.now())
    assert deliver() == emails(cast, "student", "second_guardian")


def test_a_closed_account_hears_nothing(cast: Cast) -> None:
    comment(cast, "teacher", AuthorRole.TEACHER)
    guardian = cast.user("guardian")
    guardian.is_active = False
    guardian.save(update_fields=["is_active"])
    assert guardian.email not in deliver()
