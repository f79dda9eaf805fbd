"""Teachers' pages and requests for lessons of the sweep's world."""

from datetime import datetime

from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.private_teaching import make_application, make_page, say

# What Noah's teacher wrote after the page was approved; nobody else reads it before the staff do.
NEW_WORDS = "I teach in a house by the river and write Qznewwords."
DRAFT = "Nobody has read these words of mine yet: Qzdraftwords."


def requests_of(cast: Cast, now: datetime) -> dict[str, Application]:
    """Mia's guardian asks Noah's teacher, and takes back what they asked a former one; Noah's asks Mia's."""
    found = {
        "open": make_application(
            cast.user("other_teacher"), cast.student, cast.user("guardian"), body="Thursdays? Qzasked"
        ),
        "foreign": make_application(
            cast.user("second_teacher"),
            cast.other_student,
            cast.user("other_guardian"),
            body="Fridays? Qzforeign",
        ),
        "ended": make_application(
            cast.user("former_teacher"), cast.student, cast.user("guardian"), body="Mondays? Qzended"
        ),
    }
    services.withdraw(application=found["ended"], by=cast.user("guardian"), now=now)
    for word, row in zip(("Qzasked", "Qzforeign", "Qzended"), found.values(), strict=True):
        message = ApplicationMessage.objects.get(application=row)
        cast.canaries.plant(f"message {word}", word, tap.request_readers(message))
    return found


def pages_of(cast: Cast) -> dict[str, str]:
    """After the requests: public, with newer words that nobody approved; and one that was never sent in."""
    teacher, writer = cast.user("other_teacher"), cast.user("expired_guest")
    public = make_page(teacher, public=False, bio=NEW_WORDS)
    hidden = make_page(writer, public=False, bio=DRAFT)
    cast.canaries.plant("new words of a page", "Qznewwords", tap.own_words_readers(teacher))
    cast.canaries.plant("words of a draft", "Qzdraftwords", tap.own_words_readers(writer))
    assert TeacherProfile.objects.filter(published__isnull=False).count() == 3
    return {"public": str(public.pk), "hidden": str(hidden.pk)}


def messages_of(cast: Cast, requests: dict[str, Application], now: datetime) -> dict[str, str]:
    """The first of each, and one that the teacher took back."""
    gone = say(requests["open"], cast.user("other_teacher"), "Mistyped Qztakenback")
    services.take_back_message(message=gone, by=cast.user("other_teacher"), now=now)
    cast.canaries.words["Qztakenback"] = ("deleted message", lambda user, path: path.startswith("/staff/"))
    found = {name: ApplicationMessage.objects.kept().get(application=row) for name, row in requests.items()}
    return {name: str(row.pk) for name, row in (found | {"deleted": gone}).items()}
