"""Teachers' pages: what everybody may read, and what its teacher writes."""

from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.private_teaching.models import PublishedPage, TeacherProfile, Teaching


def taught_count(teacher: OuterRef) -> Coalesce:
    """How many pupils a teacher has, each once; in a pause they keep their place."""
    mine = Teaching.objects.unended().filter(teacher=teacher).order_by().values("teacher")
    return Coalesce(
        Subquery(mine.annotate(n=Count("student", distinct=True)).values("n"), output_field=IntegerField()), 0
    )


def _public() -> QuerySet[PublishedPage]:
    taught = taught_count(OuterRef("profile__teacher"))
    rows = PublishedPage.objects.open().select_related("profile").annotate(taught=taught)
    return rows.annotate(free=F("profile__places") - F("taught"))


def published_pages(*, instrument: str = "", language: str = "") -> QuerySet[PublishedPage]:
    """What the staff approved, as a list that anybody may search."""
    rows = _public()
    if instrument:
        words = Func(F("instruments"), Value("\n"), function="array_to_string", output_field=TextField())
        rows = rows.annotate(words=words).filter(words__icontains=instrument)
    return rows.filter(languages__contains=[language]) if language else rows


def published_page(profile: UUID) -> PublishedPage | None:
    """None for a page that nobody approved, that is no longer there, and that never was, alike."""
    return _public().filter(profile=profile).first()


def own_page(teacher: User) -> TeacherProfile | None:
    return TeacherProfile.objects.select_related("published").filter(teacher=teacher).first()
