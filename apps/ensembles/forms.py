"""What a person types about ensembles; what cannot be gets a sentence beside its field."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.forms import LineField
from apps.core.templatetags.ui import duration
from apps.practice.models import PracticeEntry

from . import services
from .models import LONGEST_ENSEMBLE, LONGEST_SHOWN, Membership

# Beside letters and their marks: nothing of which an address or a number could be made.
BETWEEN = " '\u2019-"


def pupils_field(*, required: bool = True) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=_("Whose families shall be asked?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody sees a name of the others before their own family has agreed."),
        required=required,
        error_messages={
            "required": _("Choose somebody first."),
            "invalid_choice": _("The lessons of somebody here have ended or pause. Choose again."),
        },
    )


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared as one)
    field.choices = list(choices)


class ChoosingForm(forms.Form):
    """Where nothing is left to choose, no box is drawn beside which an error could stand: it stands above."""

    def add_error(self, field: str | None, error: Any) -> None:
        found = self.fields.get(field or "")
        is_empty = isinstance(found, forms.MultipleChoiceField) and not found.choices
        super().add_error(None if is_empty else field, error)


class PupilsForm(ChoosingForm):
    """More players for an ensemble."""

    pupils = pupils_field()

    def __init__(self, data: Any = None, *, pupils: Sequence[Student]) -> None:
        super().__init__(data)
        offer(self, "pupils", [(str(each.pk), each.name) for each in pupils])

    def refuse(self, error: services.NotPossible) -> None:
        """Put the service's answer beside its field."""
        if isinstance(error, services.TooManyPlayers):
            words = gettext("An ensemble has %(most)d players at most.") % {"most": error.most}
        elif isinstance(error, services.NotYourPupils):
            words = gettext("The lessons of somebody here have ended or pause. Choose again.")
        else:
            words = gettext("This ensemble was changed meanwhile. Please look at the list of your ensembles.")
        self.add_error("pupils", words)


class EnsembleForm(PupilsForm):
    """``key`` is made when the page is drawn, so that sending twice makes one ensemble."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = LineField(
        label=_("Name of the ensemble"),
        max_length=LONGEST_ENSEMBLE,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_(
            "Such as “Duet”, without names of pupils: families read it before they agree. It stays as it is."
        ),
        error_messages={"required": _("Give it a name.")},
    )
    pupils = pupils_field(required=False)
    field_order = ("key", "name", "pupils")

    def __init__(self, data: Any = None, *, pupils: Sequence[Student]) -> None:
        super().__init__(data, pupils=pupils)
        self.initial = {"key": uuid4()}
        self.taken = names_of(pupils)

    def clean_name(self) -> str:
        """It is read by every family that is asked: so it names no pupil."""
        name: str = self.cleaned_data["name"]
        if self.taken & set(words_of(name)):
            raise ValidationError(
                _("Please leave names of pupils out: other families read this."), code="pupil"
            )
        return name

    def refuse(self, error: services.NotPossible) -> None:
        if isinstance(error, services.TooManyEnsembles):
            words = gettext("You have %(most)d ensembles. End one first.") % {"most": error.most}
            self.add_error("name", words)
        elif isinstance(error, services.KeyIsTaken):
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["key"] = str(uuid4())  # type: ignore[index]
            self.add_error(None, gettext("This form was used before. Please press Save again."))
        else:
            super().refuse(error)


def words_of(text: str) -> list[str]:
    """In small letters, without what stands between them."""
    return "".join(char if unicodedata.category(char)[0] in "LM" else " " for char in text.casefold()).split()


def names_of(pupils: Sequence[Student]) -> set[str]:
    """First and last names; not what stands between them, which may be "von" or "de la", nor a letter."""
    parts = [words_of(pupil.name) for pupil in pupils]
    return {word for words in parts for word in (words[:1] + words[-1:]) if len(word) > 1}


class ShownNameField(LineField):
    """A name of letters alone, in any script, so that it holds no address and no number."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        letters = any(unicodedata.category(char)[0] == "L" for char in value)
        plain = all(unicodedata.category(char)[0] in "LM" or char in BETWEEN for char in value)
        if value and not (letters and plain):
            raise ValidationError(_("Please use letters only."), code="letters")


class AgreeForm(forms.Form):
    """What the others read instead of the student's full name."""

    shown_name = ShownNameField(
        label=_("What the others read"),
        max_length=LONGEST_SHOWN,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=_("The first name or another one, without the family name. Letters only."),
        error_messages={"required": _("Write the name that the others may read.")},
    )

    def __init__(self, data: Any = None, *, student: Student, shown_name: str = "") -> None:
        first = student.get_short_name()[:LONGEST_SHOWN]
        super().__init__(data, initial={"shown_name": shown_name or first})
        self.student = student

    def clean_shown_name(self) -> str:
        """Not the family name."""
        name: str = self.cleaned_data["shown_name"]
        _first, *more = self.student.name.casefold().split()
        if more and set(words_of(more[-1])) & set(words_of(name)):
            words = _("Please leave the family name out: other families will read this.")
            raise ValidationError(words, code="family_name")
        return name


def told_apart(names: Sequence[str]) -> list[str]:
    """Two who are called the same get a number each, in the order in which they agreed."""
    same = Counter(names)
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if same[name] > 1 else name)
    return found


class TogetherForm(ChoosingForm):
    """Who else was there, among those whose names this family sees."""

    players = forms.TypedMultipleChoiceField(
        label=_("Who else was there?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each is asked whether it was so, and reads the day and the minutes. Nothing else."),
        error_messages={
            "required": _("Choose somebody first."),
            "invalid_choice": _("Somebody here does not play along any more. Choose again."),
        },
    )

    def __init__(self, data: Any = None, *, people: Sequence[Membership]) -> None:
        super().__init__(data)
        several = len({row.ensemble_id for row in people}) > 1
        labels = [f"{row.shown_name} ({row.ensemble.name})" if several else row.shown_name for row in people]
        offer(
            self,
            "players",
            [(str(row.pk), name) for row, name in zip(people, told_apart(labels), strict=True)],
        )

    def refuse(self, error: services.NotPossible) -> None:
        if isinstance(error, services.SeveralEnsembles):
            words = gettext("These do not all play in one ensemble. Choose those of one.")
        elif isinstance(error, services.TooOften):
            words = gettext("Somebody here was asked very often lately. Wait until some answers are there.")
        elif isinstance(error, services.SessionIsTooOld):
            words = gettext("Two weeks are over: nobody is asked about this session any more.")
        elif isinstance(error, services.PlayedOtherwise):
            words = gettext("This session belongs to another one already.")
        elif isinstance(error, services.NotAPlayer):
            words = gettext("Somebody here does not play along any more. Choose again.")
        else:
            words = gettext("This entry was deleted or closed to you meanwhile.")
        self.add_error("players", words)


class AnswerForm(forms.Form):
    """It was so: with an entry of the day that is there already, or a new one of these minutes."""

    entry = forms.ChoiceField(label=_("Which session was it?"), required=False, widget=forms.RadioSelect)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=1440,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Write the minutes as a whole number, for example 30."),
            "min_value": _("One minute is the least."),
            "max_value": _("A day has 1440 minutes. Write a smaller number."),
        },
    )

    def __init__(self, data: Any = None, *, minutes: int, entries: Sequence[PracticeEntry]) -> None:
        self.entries = {str(each.pk): each for each in entries}
        # Most likely it is the one that is as long: a new one beside it would count twice.
        same = (key for key, each in self.entries.items() if each.minutes == minutes)
        super().__init__(data, initial={"minutes": minutes, "entry": next(same, "")})
        choices = [("", gettext("It is not written down yet: write a new one"))]
        choices += [(key, _entry_label(each)) for key, each in self.entries.items()]
        if entries:
            offer(self, "entry", choices)
            self.fields["minutes"].help_text = gettext("Of a new entry.")
        else:
            del self.fields["entry"]

    def clean(self) -> dict[str, Any]:
        """With an entry of one's own nobody reads the minutes here."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.chosen:
            self.errors.pop("minutes", None)
        elif "minutes" not in self.errors and not found.get("minutes"):
            self.add_error("minutes", gettext("How long did you practise?"))
        return found

    @property
    def chosen(self) -> PracticeEntry | None:
        """The entry that is there already, if one was chosen."""
        return self.entries.get(self.cleaned_data.get("entry", ""))


def _entry_label(entry: PracticeEntry) -> str:
    titles = ", ".join(line.title for line in entry.shown_lines) or entry.description
    return f"{duration(entry.minutes)}: {titles}"


def is_no(data: Any) -> bool:
    """Which of the two buttons was pressed."""
    return bool(data.get("answer") == "no")
