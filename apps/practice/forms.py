"""What a person types becomes an ``EntryContent``; what cannot be gets a sentence beside its field."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MinValueValidator
from django.db.models import Q
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LongTextField
from apps.private_teaching.models import Teaching
from apps.repertoire.models import Occasion

from .above import Question
from .content import EntryContent, Line, flag_of, says_something
from .dividing import add_up
from .line_forms import AnyLinesField, LineFormSet, SavedAbouts, line_rows, lines_of
from .models import FocusArea, PracticeEntry, PracticeItem
from .models.areas import LONGEST_AREA
from .models.entries import TEXTS, ItemKind, Rating
from .queries import Beginning, DiaryHead, asks_minutes
from .refusals import refusal
from .services import (
    ChangedMeanwhile,
    EntryIsNotPossible,
    KeyIsTaken,
    NothingWasSaid,
)
from .thing_forms import ThingField, offer_things

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PRIVATE = "private"
EARLIEST = date(1900, 1, 1)
DATE_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TIME_INPUT = forms.TimeInput(format="%H:%M", attrs={"type": "time"})


def _text(label: "str | _StrPromise", limit: int, **attrs: object) -> LongTextField:
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto", **attrs})
    return LongTextField(label=label, required=False, max_length=limit, widget=widget)


def _rating(label: "str | _StrPromise") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        required=False,
        choices=[("", _("no stars")), *Rating.choices],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
    )


def audiences_of(head: DiaryHead, *, kept: UUID | None = None) -> list[tuple[str, str]]:
    """For whom a session can be: all teachers, one of the current ones (or the one who is kept), or nobody
    but the family. A guest offers no choice."""
    teachers = head.current_teachers
    shared = _("All my teachers") if teachers else _("Everybody who sees this diary")
    choices: list[tuple[str, str]] = [("", str(shared))]
    if head.is_family:
        choices += [
            (str(t.teaching_id), gettext("Only %(name)s") % {"name": t.label})
            for t in head.teachers
            if t.teaching_id == kept or (t.is_current and len(teachers) > 1)
        ]
        choices.append((PRIVATE, gettext("Nobody but the family: private")))
    return choices


class EntryForm(forms.Form):
    """One session. ``key`` is made when the page is drawn, so that sending twice saves once.

    Of a saved entry it holds the ``version`` too, which says what words the page was drawn from.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": _("How long did you practise?"),
            "invalid": _("Write the minutes as a whole number, for example 30."),
            "min_value": _("One minute is the least."),
            "max_value": _("A day has 1440 minutes. Write a smaller number."),
        },
    )
    again = AnyLinesField(label=_("The same as last time"), required=False)
    practised_on = forms.DateField(
        label=_("Day"), widget=DATE_INPUT, validators=[MinValueValidator(EARLIEST)], localize=False
    )
    started_at_time = forms.TimeField(label=_("Started at"), required=False, widget=TIME_INPUT)
    description = _text(_("What was practised"), TEXTS["description"])
    focus_areas = forms.ModelMultipleChoiceField(
        label=_("What it was about"),
        required=False,
        queryset=FocusArea.objects.none(),
        to_field_name="slug",
        widget=forms.CheckboxSelectMultiple,
    )
    own_area = LineField(
        label=_("Something else it was about"),
        required=False,
        max_length=LONGEST_AREA,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("It stands among the others from then on."),
    )
    struggles = _text(_("What was hard"), TEXTS["struggles"])
    achievements = _text(_("What went well"), TEXTS["achievements"])
    notes = _text(_("Notes"), TEXTS["notes"])
    enjoyment = _rating(_("Was it fun?"))
    mood = _rating(_("Mood and energy"))
    quality = _rating(_("How well it went"))
    difficulty = _rating(_("How hard it was"))
    confidence = _rating(_("How sure you feel"))
    preparing_for_exam = forms.BooleanField(label=_("This was for an exam"), required=False)
    preparing_for_performance = forms.BooleanField(label=_("This was for a performance"), required=False)
    occasion = ThingField(label=_("Which exam or performance?"), nothing=_("none of these"))
    instrument = ThingField(label=_("Played on"), nothing=_("not said"))
    audience = forms.ChoiceField(label=_("Who may read it"), required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        head: DiaryHead,
        today: date,
        entry: PracticeEntry | None = None,
        tapped: QueryDict | None = None,
        begun: Beginning | None = None,
        questions: Sequence[Question] = (),
    ) -> None:
        """``tapped`` comes from the address: minutes and lines of a quick log that could not be saved.
        ``questions`` are those of apps above."""
        begun = begun or Beginning()
        first = {"key": uuid4(), "practised_on": today, "minutes": begun.minutes, **_tapped(tapped)}
        super().__init__(data, initial=_initial(entry) if entry else first)
        self.head, self.questions = head, questions
        self.is_overtaken = False
        if entry is not None:
            # Words that wait on the device belong to what was there when they were typed.
            kept = {"data-draft-kept": ""} if data is None else {}
            self.fields["version"] = forms.CharField(required=False, widget=forms.HiddenInput(kept))
        rows = line_rows(entry) if entry else begun.lines
        self._saved = SavedAbouts(rows)
        self.lines = LineFormSet(data, prefix="lines", initial=rows)
        self.offer([])
        self._offer_audiences(entry)
        offer_things(self, head.student, entry, today)
        self._offer_areas(entry)
        for name in ("minutes", "practised_on"):
            self.fields[name].widget.attrs["required"] = True

    def offer(self, lines: Sequence[PracticeItem]) -> None:
        """Show these lines as choices; what was chosen already stays one."""
        again = self.fields["again"]
        assert isinstance(again, AnyLinesField)  # noqa: S101  (declared above)
        again.offer(lines, self.data.getlist("again") if self.is_bound else [])  # type: ignore[attr-defined]

    def _offer_audiences(self, entry: PracticeEntry | None) -> None:
        """All teachers, one of the current ones, or nobody but the family; what is set stays on offer."""
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = audiences_of(self.head, kept=entry.addressed_to_id if entry else None)

    def _offer_areas(self, entry: PracticeEntry | None) -> None:
        """Everybody's and, for the family, the student's own; others know those alone that they may read."""
        known = Q(student__isnull=True)
        if self.head.is_family:
            known |= Q(student=self.head.student, is_archived=False)
        else:
            del self.fields["own_area"]
        if entry is not None:
            known |= Q(pk__in=entry.focus_areas.values("pk"))
        field = self.fields["focus_areas"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (declared above)
        field.queryset = FocusArea.objects.filter(known).in_order()

    @cached_property
    def has_details(self) -> bool:
        """Whether the folded part must stand open: something in it was set, or is wrong."""
        plain = {"key", "version", "minutes", "again", "practised_on"}
        names = [name for name in self.fields if name not in plain]
        wrong = bool(set(self.errors) - {"minutes", "again", "__all__"}) if self.is_bound else False
        return wrong or any(self[name].value() not in (None, "", [], False) for name in names)

    def is_valid(self) -> bool:
        """All are asked, so that every mistake is shown at once."""
        parts = [self.lines.is_valid(), *(question.is_valid() for question in self.questions)]
        return super().is_valid() and all(parts)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if not self._says_something():
            self.add_error("description", refusal(NothingWasSaid(), self.head.student.name))
        self._weigh_flags(found)
        return found

    def _weigh_flags(self, found: dict[str, Any]) -> None:
        """The flag of an occasion came with the choice and goes with it. Who takes it away and leaves the
        choice is told so: it would be back at once."""
        field = self.fields.get("occasion")
        if field is None:
            return
        assert isinstance(field, ThingField)  # noqa: S101  (declared so)
        chosen, first = found.get("occasion"), self.initial.get("occasion")
        # None too where it is deleted by now: then the entry keeps its flag.
        before = field.rows().get(str(first)) if first else None
        if chosen is not None and self.initial.get(flag_of(chosen)) and not found.get(flag_of(chosen)):
            said = _("“%(name)s” is chosen below. Choose “none of these” there first.")
            self.add_error(flag_of(chosen), said % {"name": chosen})
        if isinstance(before, Occasion) and before != chosen and self.initial.get(flag_of(before)):
            found[flag_of(before)] = False

    def clean_audience(self) -> "Teaching | str":
        """The teaching it is for, "private", or nothing for all."""
        value: str = self.cleaned_data["audience"]
        if value in ("", PRIVATE):
            return value
        return Teaching.objects.get(pk=value)

    def _says_something(self) -> bool:
        """At least one line, or a description that is long enough; a field that is wrong says so itself."""
        parts = [self.lines.is_valid(), *(question.is_valid() for question in self.questions)]
        if {"description", "again"} & set(self.errors) or not all(parts):
            return True
        if any(question.along().says_something for question in self.questions):
            return True
        return says_something(self.all_lines(), self.cleaned_data.get("description", ""))

    def all_lines(self) -> list[Line]:
        """What was asked or tapped, then what was typed; each title once. Saved words keep their meaning."""
        typed = [
            Line(
                row["title"],
                row["kind"] or ItemKind.PIECE,
                row["minutes"],
                row["tempo"],
                row["repetitions"],
                self._saved.of(row["title"], place),
            )
            for place, row in enumerate(form.cleaned_data for form in self.lines)
            if row.get("title")
        ]
        titles = {line.title.casefold() for line in typed}
        asked = [line for question in self.questions for line in question.lines()]
        others: dict[str, Line] = {}
        for line in (*asked, *lines_of(self.cleaned_data.get("again", []))):
            others.setdefault(line.title.casefold(), line)
        return [line for title, line in others.items() if title not in titles] + typed

    def content(self) -> EntryContent:
        """The entry as it was typed, its lines attached to what they name. Only after ``is_valid``."""
        found = dict(self.cleaned_data)
        audience = found.pop("audience")
        for name in ("key", "version", "again"):
            found.pop(name, None)
        teaching = audience if isinstance(audience, Teaching) else None
        lines = self.head.known.attached(self._divided(self.all_lines()))
        found["along"] = [question.along() for question in self.questions]
        return EntryContent(lines=lines, is_private=audience == PRIVATE, addressed_to=teaching, **found)

    def _divided(self, lines: list[Line]) -> list[Line]:
        """Where minutes do not add up to the session's, those of last time that nobody touched give way."""
        if add_up(self.cleaned_data["minutes"], [line.minutes for line in lines]):
            return lines
        given = [(form.cleaned_data.get("title"), form.given_minutes) for form in self.lines]
        return [
            replace(line, minutes=None) if line.minutes and (line.title, line.minutes) in given else line
            for line in lines
        ]

    def refuse(self, error: EntryIsNotPossible) -> None:
        """Put the service's answer beside its field."""
        field = {"addressed_to": "audience"}.get(error.field, error.field)
        if isinstance(error, KeyIsTaken):
            self._resend_with("key", str(uuid4()))
        if isinstance(error, ChangedMeanwhile):
            self.is_overtaken = True
            self._resend_with("version", error.version)
        teachers = [teacher.name for teacher in self.head.current_teachers]
        said = refusal(error, self.head.student.name, teachers=teachers)
        self.add_error(field if field in self.fields else None, said)

    def _resend_with(self, name: str, value: str) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[name] = value  # type: ignore[index]


def _initial(entry: PracticeEntry) -> dict[str, Any]:
    others = ("key", "again", "audience", "focus_areas", "own_area", "instrument", "occasion")
    names = [name for name in EntryForm.base_fields if name not in others]
    found = {name: getattr(entry, name) for name in names}
    audience = PRIVATE if entry.is_private else str(entry.addressed_to_id or "")
    areas = [area.slug for area in entry.focus_areas.all()]
    return found | {
        "key": entry.pk,
        "version": entry.version,
        "audience": audience,
        "focus_areas": areas,
        "instrument": entry.instrument_id,
        "occasion": entry.occasion_id,
    }


def _tapped(asked: QueryDict | None) -> dict[str, Any]:
    """Minutes if they are a number; lines as they are: what is not on offer is chosen by nobody."""
    if not asked:
        return {"again": []}
    found: dict[str, Any] = {"again": asked.getlist("again")}
    return found | ({"minutes": asked["minutes"]} if asks_minutes(asked) else {})


class QuickLogForm(forms.Form):
    """Minutes and what was played last time; the server says the rest."""

    key = forms.UUIDField(required=False)
    minutes = forms.IntegerField(min_value=1, max_value=1440)
    again = AnyLinesField(required=False)

    def __init__(self, data: Any, *, head: DiaryHead) -> None:
        super().__init__(data)
        self.head = head
        again = self.fields["again"]
        assert isinstance(again, AnyLinesField)  # noqa: S101  (declared above)
        again.offer([], data.getlist("again"))

    def content(self, today: date) -> EntryContent:
        minutes = self.cleaned_data["minutes"]
        lines = self.head.known.attached(lines_of(self.cleaned_data["again"]))
        words = ngettext("Quick log: %(count)d minute", "Quick log: %(count)d minutes", minutes)
        return EntryContent(
            practised_on=today,
            minutes=minutes,
            lines=lines,
            description="" if lines else words % {"count": minutes},
        )


def first_error(errors: ErrorDict) -> str:
    """One sentence for a form that has no page of its own."""
    return str(next(iter(errors.values()))[0])
