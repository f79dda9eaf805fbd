"""Files that somebody brings into a diary, as far as a form needs them."""

from io import BytesIO

from django.utils import timezone

from apps.transfer import services
from apps.transfer.models import Import
from tests.conftest import Cast

# Short enough in hours too; the second row says nothing of what was practised.
TABLE = b"Date,Minutes,Piece\n2026-01-05,2,Song\n2026-01-06,3,\n"


def upload(cast: Cast) -> Import:
    return services.begin_import(
        student=cast.student,
        by=cast.user("guardian"),
        name="practice.csv",
        file=BytesIO(TABLE),
        now=timezone.now(),
    )


def look_through(cast: Cast) -> Import:
    batch = upload(cast)
    services.ask_check(batch=batch, mapping=batch.mapping, options=batch.options)
    services.run_now(batch=batch, clock=timezone.now)
    return batch


def bring_in(cast: Cast) -> Import:
    batch = look_through(cast)
    services.ask_import(batch=batch, by=cast.user("guardian"), now=timezone.now())
    services.run_now(batch=batch, clock=timezone.now)
    return batch


def batch(cast: Cast) -> list[object]:
    return [Import.objects.latest("created_at").pk]


def columns(cast: Cast) -> dict[str, str]:
    meanings = {"column0": "date", "column1": "minutes", "column2": "skill"}
    return {
        **meanings,
        "order": "dmy",
        "unit": "h",
        "fill": "Practice",
        "audience": "private",
        "doubles": "on",
        "make": "on",
    }
