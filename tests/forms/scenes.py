"""What must be there before a form can be sent, and what the addresses are made of."""

from datetime import date, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Guardianship, Invitation, ReaderLink, Student, UserSession
from apps.accounts.models.invitations import InvitationRole
from apps.accounts.services import invite_by_code
from apps.accounts.services.majority import end_all_guardianships
from apps.children.models import TrustedDevice
from apps.children.services import make_card
from apps.consent.models import Confirmation, Purpose
from apps.consent.services import give_consent
from apps.core.ownership import Subject
from apps.practice import services
from apps.practice.models import CommentThanks, EntryComment, FocusArea, SavedFilter, WeekSignOff
from apps.practice.models.comments import AuthorRole
from apps.practice.queries.sign_offs import SignedWeek, count_week
from apps.privacy.models import Erasure
from apps.privacy.services.erasures import ask_erasure
from apps.private_teaching.models import Teaching
from apps.private_teaching.services import pause_teaching
from config.staff_groups import write_staff_groups
from tests.conftest import Cast
from tests.factories.accounts import (
    make_guardianship,
    make_invitation,
    make_reader_link,
    make_student,
    make_user,
)
from tests.factories.children import make_child_login, trust
from tests.factories.photos import make_avatar
from tests.factories.practice import make_entry, make_filter, make_sign_off
from tests.factories.private_teaching import make_teaching
from tests.factories.sessions import make_session

KEY = "7f3b2c1e-0d4a-4b5c-8d6e-9f0a1b2c3d4e"


def student(cast: Cast) -> list[object]:
    return [cast.student.pk]


def other_student(cast: Cast) -> list[object]:
    return [cast.other_student.pk]


def entry(cast: Cast) -> list[object]:
    return [cast.entry.pk]


def name_area(cast: Cast) -> None:
    make_entry(cast.student, cast.user("student"), own_area="Bow hold")


def own_area(cast: Cast) -> list[object]:
    return [FocusArea.objects.get(student=cast.student).address]


def save_filter(cast: Cast) -> None:
    make_filter(cast.user("guardian"), cast.student)


def saved_filter(cast: Cast) -> list[object]:
    return [SavedFilter.objects.get(user=cast.user("guardian")).pk]


def send_link(cast: Cast) -> None:
    """Mia's grandmother may read along."""
    make_reader_link(cast.student, cast.user("guardian"))


def reader_link(cast: Cast) -> list[object]:
    return [ReaderLink.objects.get().pk]


def reader_token(cast: Cast) -> list[object]:
    return [ReaderLink.objects.get().token]


def last_week(cast: Cast) -> date:
    """The first day of the last finished week."""
    today = cast.student.today(timezone.now())
    return today - timedelta(days=today.weekday() + 7)


def ask_to_sign(cast: Cast) -> None:
    """Mia's first teacher asks the family to sign."""
    Teaching.objects.filter(pk=cast.teaching.pk).update(sign_off_since=last_week(cast))


def as_it_stands(cast: Cast) -> str:
    """What the page of the last week shows, as its form sends it along."""
    return count_week(SignedWeek(cast.student.pk, cast.teaching.pk, last_week(cast))).version


def sign_with_a_word(cast: Cast) -> None:
    make_sign_off(cast.teaching, last_week(cast), cast.user("guardian"), note="She was ill.")


def sign_off(cast: Cast) -> list[object]:
    return [WeekSignOff.objects.get().pk]


def sure(cast: Cast) -> dict[str, str]:
    return {"understood": "on", "at_once": ""}


def ask_to_erase(cast: Cast) -> None:
    """Mia's diary, by one of her guardians."""
    now, by = timezone.now(), cast.user("guardian")
    ask_erasure(subject=Subject.STUDENT, key=cast.student.pk, by=by, at_once=False, now=now)


def erasure(cast: Cast) -> list[object]:
    return [Erasure.objects.get().pk]


def sign_in_elsewhere(cast: Cast) -> None:
    make_session(cast.user("guardian"), browser="Firefox, Windows")


def show_face(cast: Cast) -> None:
    make_avatar(cast.user("guardian"))


def own_session(cast: Cast) -> list[object]:
    return [UserSession.objects.get(user=cast.user("guardian"), browser="Firefox, Windows").pk]


def comment(cast: Cast) -> list[object]:
    return [KEY]


def say(cast: Cast) -> None:
    services.add_comment(
        key=UUID(KEY),
        entry=cast.entry,
        by=cast.user("guardian"),
        role=AuthorRole.GUARDIAN,
        body="Well done",
        now=timezone.now(),
    )


def say_thanks(cast: Cast) -> None:
    say(cast)
    comment = EntryComment.objects.get(pk=KEY)
    CommentThanks.objects.create(comment=comment, user=cast.user("student"), created_at=timezone.now())


def invite(cast: Cast) -> None:
    """The stranger is asked to be Mia's guardian."""
    make_invitation(cast.student, cast.user("guardian"), cast.user("stranger").email)


def offer_login(cast: Cast) -> None:
    """The stranger is asked by a teacher to take over a diary that nobody has joined or agreed to yet."""
    ben = Student.objects.create(name="Ben", created_at=timezone.now())
    make_teaching(cast.user("teacher"), ben)
    make_invitation(ben, cast.user("teacher"), cast.user("stranger").email, InvitationRole.STUDENT)


def agree(cast: Cast) -> None:
    """A guardian allows recordings, and gets a mail with a link to take it back."""
    by, now = cast.user("guardian"), timezone.now()
    give_consent(student=cast.student, purpose=Purpose.RECORDINGS, version=1, by=by, now=now)


def consent_link(cast: Cast) -> list[object]:
    return [Confirmation.objects.get().token]


def make_code(cast: Cast) -> None:
    invite_by_code(
        student=cast.student, role=InvitationRole.GUARDIAN, by=cast.user("guardian"), now=timezone.now()
    )


def add_pupil(cast: Cast) -> None:
    make_teaching(cast.user("other_teacher"), make_student("Ben without a family"))


def invitation(cast: Cast) -> list[object]:
    return [cast.user("guardian").invitations_sent.get().pk]


def token(cast: Cast) -> list[object]:
    return [cast.user("guardian").invitations_sent.get().token]


def set_up_child(cast: Cast) -> None:
    """Zoe, a child of the guardian, with a sign-in, a card, and a device that is locked."""
    zoe, by = make_student("Zoe"), cast.user("guardian")
    make_guardianship(zoe, by)
    make_child_login(zoe, by, username="zoe47")
    make_card(student=zoe, by=by, now=timezone.now())
    device = trust(Client(), zoe, by)
    device.locked_at = timezone.now()
    device.save()


def child(cast: Cast) -> list[object]:
    return [Student.objects.get(name="Zoe").pk]


def device(cast: Cast) -> list[object]:
    return [TrustedDevice.objects.get().pk]


def with_factor(cast: Cast, name: str) -> None:
    Authenticator.objects.create(
        user=cast.user(name), type=Authenticator.Type.TOTP, data={"secret": "x" * 32}
    )


def join_support(cast: Cast) -> None:
    write_staff_groups()
    cast.user("staff").groups.add(Group.objects.get(name="support"))
    with_factor(cast, "staff")


def join_office(cast: Cast) -> None:
    with_factor(cast, "superuser")


def own_guardianship(cast: Cast) -> list[object]:
    return [Guardianship.objects.get(guardian=cast.user("guardian"), student=cast.student).pk]


def join_family(cast: Cast) -> None:
    make_guardianship(cast.student, make_user("Newcomer"), started_at=timezone.now())


def newest_guardianship(cast: Cast) -> list[object]:
    return [Guardianship.objects.latest("started_at").pk]


def pause_lessons(cast: Cast) -> None:
    now = timezone.now()
    pause_teaching(teaching=cast.teaching, by=cast.user("teacher"), since=now, reason="Holidays", now=now)


def turn_eighteen(cast: Cast) -> None:
    end_all_guardianships(student=cast.student, now=timezone.now())


def invite_pupil(cast: Cast) -> None:
    """The stranger is asked to learn with somebody whom nobody of the cast knows."""
    make_invitation(None, make_user("Thea"), cast.user("stranger").email, InvitationRole.PUPIL)


def invite_teacher(cast: Cast) -> None:
    """The stranger is asked to teach Mia."""
    make_invitation(cast.student, cast.user("guardian"), cast.user("stranger").email, InvitationRole.TEACHER)


def invite_twice(cast: Cast) -> None:
    """Noah's guardian is asked to be one of a pupil whom Mia's teacher wrote down."""
    pupil = make_student("Noah with another teacher", collecting=False)
    make_teaching(cast.user("teacher"), pupil)
    make_invitation(pupil, cast.user("teacher"), cast.user("other_guardian").email)


def sent_by_teacher(cast: Cast) -> list[object]:
    return [cast.user("teacher").invitations_sent.get().token]


def pupil_token(cast: Cast) -> list[object]:
    return [Invitation.objects.get(role=InvitationRole.PUPIL).token]


def connect_school(cast: Cast) -> None:
    """The guardian signs in with an account of a school, which is not offered here any more."""
    SocialAccount.objects.create(user=cast.user("guardian"), provider="school", uid="person-1")
