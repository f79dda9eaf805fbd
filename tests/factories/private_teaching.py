from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Student, User
from apps.private_teaching import services
from apps.private_teaching.models import Application, ApplicationMessage, TeacherProfile, Teaching

from .accounts import LONG_AGO, make_user


def make_teaching(teacher: User, student: Student, instrument: str = "Piano", **fields: Any) -> Teaching:
    fields.setdefault("started_at", LONG_AGO)
    return Teaching.objects.create(teacher=teacher, student=student, instrument=instrument, **fields)


def make_page(teacher: User, *, public: bool = True, **fields: Any) -> TeacherProfile:
    """A teacher's page as the product makes it; ``public`` ones were sent in and approved."""
    now = fields.pop("now", None) or timezone.now()
    places, is_taking = fields.pop("places", 10), fields.pop("is_taking", True)
    texts: dict[str, Any] = {
        "display_name": "Theo",
        "bio": "I teach children and grown-ups, slowly and with a lot of songs.",
        "instruments": ["Cello", "Piano"],
        "languages": ["en", "de"],
    }
    services.save_page(teacher=teacher, texts=texts | fields, places=places, is_taking=is_taking, now=now)
    profile = TeacherProfile.objects.get(teacher=teacher)
    if public:
        services.submit_page(profile=profile, by=teacher, now=now)
        approve(profile, now=now)
    return TeacherProfile.objects.get(teacher=teacher)


def approve(profile: TeacherProfile, by: User | None = None, now: Any = None) -> None:
    """By one of the staff."""
    readers = User.objects.filter(display_name="Page Reader")
    reader = by or readers.first() or make_user("Page Reader")
    profile.refresh_from_db()
    services.approve_page(profile=profile, version=profile.version, by=reader, now=now or timezone.now())


def make_application(teacher: User, student: Student, by: User, **fields: Any) -> Application:
    """A request as the product makes it; the teacher gets a public page if there is none."""
    profile = TeacherProfile.objects.filter(teacher=teacher).first() or make_page(teacher)
    fields.setdefault("instrument", "Cello")
    fields.setdefault("body", "We would like lessons on Thursdays.")
    fields.setdefault("now", timezone.now())
    return services.apply_to(profile=profile.pk, student=student, by=by, **fields)


def say(application: Application, by: User, body: str = "Which day suits you?") -> ApplicationMessage:
    return services.say(application=application, by=by, body=body, key=uuid4(), now=timezone.now())
