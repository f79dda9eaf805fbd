"""Own focus areas of the sweep's world."""

from apps.practice.models import FocusArea
from apps.practice.services.areas import remove_area
from tests import canaries as tap
from tests.conftest import Cast
from tests.factories.practice import make_entry


def areas_of(cast: Cast) -> dict[str, str]:
    """Of Mia: one of a private entry, and one that was removed; of Noah, one."""
    mia, by = cast.student, cast.user("student")
    entry = make_entry(mia, by, minutes=4, own_area="Breathing Qzremovedarea", is_private=True)
    cast.canaries.plant("a removed focus area", "Qzremovedarea", tap.entry_readers(entry))
    noah, by = cast.other_student, cast.user("other_guardian")
    entry = make_entry(noah, by, minutes=4, own_area="Bowing Qzforeignarea", is_private=True)
    cast.canaries.plant("a focus area of Noah", "Qzforeignarea", tap.entry_readers(entry))
    keys = {area.name: str(area.address) for area in FocusArea.objects.filter(student__isnull=False)}
    remove_area(area=FocusArea.objects.get(name="Breathing Qzremovedarea"))
    return {
        "own": keys["Nerves Qzownarea"],
        "foreign": keys["Bowing Qzforeignarea"],
        "removed": keys["Breathing Qzremovedarea"],
    }
