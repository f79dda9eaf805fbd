"""Files on their way into the diaries of the sweep's world."""

from datetime import datetime

from apps.accounts.models import Student
from apps.transfer.models import Import, ImportRow
from tests import canaries as tap
from tests.conftest import Cast


def imports_of(cast: Cast, now: datetime) -> dict[str, str]:
    """Of Mia: one that is looked through, one that is in, a guest's own. Of Noah: one."""

    def make(name: str, who: str, student: Student, state: str = "checked") -> str:
        file, title = f"Qzfile{name}", f"Qzrow{name}"
        batch = Import.objects.create(
            student=student,
            uploaded_by=cast.user(who),
            file_name=f"{file} of practice.csv",
            state=state,
            importer="table",
            samples=[["Qzday", "Qzlength", "Qzwhat"], ["2026-01-01", "5", title]],
            mapping={"date": 0, "minutes": 1, "piece": 2},
            row_count=1,
            counts={"ok": 1},
            added=int(state == "done"),
            created_at=now,
        )
        content = {"date": "2026-01-01", "minutes": 5, "started_at": "", "time_zone": "", "audience": ""}
        content |= dict.fromkeys(("description", "struggles", "achievements", "notes"), "")
        content |= dict.fromkeys(("enjoyment", "mood", "quality", "difficulty", "confidence"))
        line = {"title": title, "kind": "piece", "minutes": None, "tempo": None, "repetitions": None}
        content |= {"lines": [line], "areas": [], "own_areas": [], "exam": False, "performance": False}
        ImportRow.objects.create(batch=batch, number=2, verdict="ok", content=content, fingerprint=name)
        for word in (file, title):
            cast.canaries.plant(f"{word} of an import", word, tap.import_readers(batch))
        return str(batch.pk)

    return {
        "checked": make("checked", "guardian", cast.student),
        "done": make("done", "student", cast.student, "done"),
        "guests": make("guests", "logger", cast.student),
        "foreign": make("foreign", "other_guardian", cast.other_student),
    }
