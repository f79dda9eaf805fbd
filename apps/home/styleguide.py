"""Invented rows for the styleguide page: every component in every state, without a database."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms

LONG_NAME = "Wilhelmina-Alexandra Freifrau von Hohenstaufen-Schwarzburg zu Sondershausen"
RTL_NAME = "ליאורה בן־דוד"
LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 2
MINUTES = (25, 0, 40, 15, 70, 0, 0)
TEACHER = "Anna Keller"


class SampleForm(forms.Form):
    """Each kind of field once."""

    practised_on = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=300, help_text="From 1 to 300.")
    teacher = forms.ChoiceField(
        label="Who may read it",
        choices=[("", "All my teachers"), ("1", "Only Ms Keller"), ("2", "Nobody: private")],
    )
    notes = forms.CharField(
        label="Notes", required=False, widget=forms.Textarea(attrs={"rows": 3, "data-count": "200"})
    )
    exam = forms.BooleanField(label="This was for an exam", required=False)
    focus = forms.MultipleChoiceField(
        label="What it was about",
        required=False,
        choices=[
            ("scales", "Scales and arpeggios"),
            ("rhythm", "Rhythm"),
            ("tone", "Tone"),
            ("memory", "By heart"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    enjoyment = forms.TypedChoiceField(
        label="Was it fun?",
        required=False,
        choices=[("", "no stars"), *((n, str(n)) for n in range(1, 6))],
        widget=forms.RadioSelect,
    )


class FilterForm(forms.Form):
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    exam = forms.BooleanField(label="Only for an exam", required=False)


class CommentForm(forms.Form):
    body = forms.CharField(label="Your comment", widget=forms.Textarea(attrs={"rows": 2}))


def week(today: date, minutes: Iterable[int] = MINUTES, *, passed: int = 5) -> list[SimpleNamespace]:
    """Seven days from Monday on, of which ``passed`` have begun."""
    monday = today - timedelta(days=today.weekday())
    return [
        SimpleNamespace(
            date=monday + timedelta(days=number),
            minutes=amount if number < passed else 0,
            is_today=number == passed - 1,
            is_future=number >= passed,
        )
        for number, amount in enumerate(minutes)
    ]


def entry(today: date, **changes: Any) -> SimpleNamespace:
    fields: dict[str, Any] = {
        "pk": "sample",
        "practised_on": today,
        "minutes": 35,
        "description": "",
        "struggles": "",
        "achievements": "",
        "notes": "",
        "preparing_for_exam": False,
        "preparing_for_performance": False,
        "is_private": False,
        "enjoyment": None,
        "shown_lines": [],
        "shown_areas": [],
    }
    return SimpleNamespace(**{**fields, **changes})


def line(title: str, minutes: int | None = None, kind: str = "piece", **more: int) -> SimpleNamespace:
    said = {"tempo": None, "repetitions": None, **more}
    return SimpleNamespace(title=title, minutes=minutes, kind=kind, **said)


def entries(today: date) -> dict[str, SimpleNamespace]:
    return {
        "full": entry(
            today,
            minutes=45,
            description="Slow practice with the metronome, then once through without stopping.",
            achievements="The shift into third position was in tune five times in a row!",
            struggles="Bars 24 to 31: my bow arm gets stiff when it becomes loud.",
            notes="Ask about the fingering in bar 27.",
            preparing_for_exam=True,
            enjoyment=4,
            shown_lines=[
                line("Sonatina in G, second movement", 25),
                line("C major scale, two octaves", 10, "exercise", tempo=96, repetitions=5),
                line("Gavotte"),
            ],
            shown_areas=["Intonation", "Scales and arpeggios"],
        ),
        "short": entry(today - timedelta(days=1), minutes=10, shown_lines=[line("Gavotte")]),
        "performance": entry(
            today, minutes=80, description="Ran the whole programme.", preparing_for_performance=True
        ),
        "private": entry(today, minutes=20, notes="Only for me and my family.", is_private=True),
        "extreme": entry(
            today,
            minutes=1439,
            description=LONG_WORD,
            achievements="לנגן את כל הקטע בלי לעצור 🎻🎉",
            shown_lines=[line(LONG_WORD, 300), line("<b>not bold</b>", 1)],
        ),
    }


def comment(number: int, role: str, label: str, body: str, at: datetime) -> SimpleNamespace:
    return SimpleNamespace(
        pk=number, author_role=role, get_author_role_display=label, body=body, created_at=at
    )


def comments(now: datetime) -> list[tuple[str, SimpleNamespace]]:
    """(name of the author, comment): a teacher's, a student's, a guardian's from right to left."""
    return [
        (
            TEACHER,
            comment(
                1, "teacher", "teacher", "Lovely! Try bar 24 with half the bow, then add the dynamics.", now
            ),
        ),
        ("Mia", comment(2, "student", "student", "That helped, thank you 😊\nI did it ten times.", now)),
        (RTL_NAME, comment(3, "guardian", "guardian", "מעולה! נתראה ביום שלישי.", now)),
    ]


def steps() -> list[SimpleNamespace]:
    """First steps: done, to do with a link, to do without."""
    return [
        SimpleNamespace(title="Make a student", done=True),
        SimpleNamespace(
            title="Invite the family",
            done=False,
            text="They get a link by e-mail.",
            url="#",
            action="Invite",
        ),
        SimpleNamespace(
            title="Write your first comment", done=False, text="As soon as somebody has practised."
        ),
    ]


def forms_in_every_state() -> dict[str, forms.Form]:
    """Empty, and with something wrong in most fields."""
    bound = SampleForm(
        {
            "practised_on": "2199-01-01",
            "minutes": "0",
            "notes": "x" * 180,
            "enjoyment": "4",
            "focus": ["tone"],
        }
    )
    bound.add_error(None, "One thing is missing, look at the red notes below.")
    return {
        "form": SampleForm(),
        "bound_form": bound,
        "filter_form": FilterForm(),
        "comment_form": CommentForm(),
    }


def figures(today: date) -> dict[str, Any]:
    """Weeks, a year of minutes and a table of months."""
    return {
        "week": week(today),
        "reasons": ["silent for 9 days", f"hard 3 times: “{LONG_WORD}”"],
        "waiting": ["waiting"],
        "empty_week": week(today, [0] * 7, passed=1),
        "full_week": week(today, [15, 25, 45, 70, 30, 20, 90], passed=7),
        "year": {today - timedelta(days=n): (n * 37 % 11) * 8 if n % 3 else 0 for n in range(1, 330)},
        "months": [
            SimpleNamespace(label=month, minutes=310 + n * 47, sessions=9 + n)
            for n, month in enumerate(("January", "February", "March"))
        ],
    }


def samples(now: datetime) -> dict[str, Any]:
    """The context of home/styleguide.html."""
    today = now.date()
    return {
        "today": today,
        "long_name": LONG_NAME,
        "rtl_name": RTL_NAME,
        "entries": entries(today),
        "comments": comments(now),
        "steps": steps(),
        "people": ["you", "Mum", "Dad", "Anna Keller (violin)"],
        **figures(today),
        **forms_in_every_state(),
    }
