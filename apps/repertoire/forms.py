"""Forms of pieces, sections, skills and notes; what cannot be gets a sentence beside its field."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LineField, LinkField, LongTextField
from apps.private_teaching.models import Teaching

from .content import NoteContent, PieceContent, SectionContent, SkillContent
from .models import Piece, PieceSection
from .models.kept import Kept
from .models.notes import LONGEST_LINK, LONGEST_NOTE
from .models.pieces import (
    FASTEST,
    LAST_BAR,
    LONGEST_COMPOSER,
    LONGEST_SECTION,
    LONGEST_TITLE,
    SLOWEST,
    Difficulty,
    PieceStatus,
)
from .models.skills import LONGEST_NAME, SHORTEST_NAME, SkillCategory
from .queries.notes import PRIVATE
from .services import ChangedMeanwhile, KeyIsTaken, LooksTheSame, NotPossible, NotThisTeaching, TooMany

EARLIEST = date(1900, 1, 1)
LONGEST_DESCRIPTION = 500


def day_field(label: Any, *, required: bool, latest: date | None = None) -> forms.DateField:
    """A day that somebody picks or types; the service says which days are still to come."""
    bounds: list[MinValueValidator | MaxValueValidator] = [MinValueValidator(EARLIEST)]
    if latest is not None:
        bounds.append(MaxValueValidator(latest))
    return forms.DateField(
        label=label,
        required=required,
        localize=False,
        validators=bounds,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class RefusingForm(forms.Form):
    """A form that can hold a service's answer."""

    def refuse(self, error: NotPossible) -> None:
        """Put it beside its field."""
        if isinstance(error, KeyIsTaken):
            self._resend_with("key", str(uuid4()))
        if isinstance(error, ChangedMeanwhile):
            self._resend_with("version", error.version)
        self.add_error(error.field if error.field in self.fields else None, refusal(error))

    def _resend_with(self, name: str, value: str) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[name] = value  # type: ignore[index]


class NewForm(RefusingForm):
    """For something new: ``key`` is made when the page is drawn, so that sending twice saves once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()})


class EditForm(RefusingForm):
    """For what is there: ``version`` says what the page was drawn from."""

    version = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, row: Kept) -> None:
        super().__init__(data, initial={name: getattr(row, name) for name in self.base_fields})


def refusal(error: NotPossible) -> str:
    """What was impossible, and what to do instead."""
    if isinstance(error, TooMany):
        words = gettext(
            "There are %(most)d already, which is the most there can be. When one that nobody needs any more "
            "is deleted, you can save this one."
        )
        return words % {"most": error.most}
    sentences = {
        "DayIsInTheFuture": gettext("That day is still to come."),
        "LooksTheSame": gettext("This looks like a piece that is there already."),
        "NameIsTaken": gettext("There is a skill of this name already."),
        "NotThisTeaching": gettext("This teacher does not teach here any more. Choose who may read it."),
        "NotThisPiece": gettext("One of these pieces is not there any more. Choose again."),
        "NotThisSection": gettext(
            "This section is not there any more. Choose again what your note is about."
        ),
        "KeyIsTaken": gettext("This form was used before. Please press Save again."),
        "ChangedMeanwhile": gettext(
            "Somebody changed this while you were writing, so nothing is saved yet. If you press Save again, "
            "your words replace theirs."
        ),
        "GoneMeanwhile": gettext(
            "This was deleted or closed to you meanwhile. What you typed is still here to copy."
        ),
    }
    return sentences[type(error).__name__]


class PieceForm(RefusingForm):
    """What a piece is. The names may be typed freely; the page offers known ones."""

    title = LineField(
        label=_("Title"),
        max_length=LONGEST_TITLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": "known-titles"}),
    )
    composer = LineField(
        label=_("Composer"),
        required=False,
        max_length=LONGEST_COMPOSER,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": "known-composers"}),
    )
    difficulty = forms.TypedChoiceField(
        label=_("How hard it is"),
        required=False,
        choices=[("", _("not said")), *Difficulty.choices],
        coerce=int,
        empty_value=None,
    )
    started_on = day_field(_("Started on"), required=False)

    def content(self) -> PieceContent:
        """Only after ``is_valid``."""
        names = ("title", "composer", "difficulty", "started_on")
        return PieceContent(**{name: self.cleaned_data[name] for name in names})


class PieceEditForm(EditForm, PieceForm):
    pass


class PieceAddForm(NewForm, PieceForm):
    """With where it stands, and a first note. ``anyway`` is offered when it looks like one that is there."""

    status = forms.ChoiceField(
        label=_("How far it is"), choices=PieceStatus.choices, initial=PieceStatus.LEARNING
    )
    words = LongTextField(
        label=_("Notes"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("Everybody who sees this diary reads them."),
    )
    anyway = forms.BooleanField(label=_("It is another piece: add it all the same"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.same: Sequence[Piece] = ()

    @property
    def offers_anyway(self) -> bool:
        return bool(self.same) or bool(self["anyway"].value())

    def refuse(self, error: NotPossible) -> None:
        if isinstance(error, LooksTheSame):
            self.same = error.pieces
        super().refuse(error)


class StatusForm(forms.Form):
    status = forms.ChoiceField(
        label=_("How far it is"),
        choices=PieceStatus.choices,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class RowField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django has no arguments here.
    """One of the rows on offer; what is no key at all gets the same answer as another's key."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from error


class MergeForm(forms.Form):
    """Which other piece of the student goes into this one."""

    other = RowField(
        label=_("The other one"),
        queryset=Piece.objects.none(),
        empty_label=_("Choose a piece"),
        error_messages={"invalid_choice": _("This piece is not there any more. Choose another one.")},
    )

    def __init__(self, data: Any = None, *, others: Any, likely: UUID | None = None) -> None:
        super().__init__(data, initial={"other": likely})
        field = self.fields["other"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  (declared above)
        field.queryset = others


def _number(label: Any, least: int, most: int, words: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), words),
    )


class SectionForm(RefusingForm):
    """A part of a piece."""

    name = LineField(
        label=_("Name"),
        max_length=LONGEST_SECTION,
        help_text=_("For example: beginning, verse, second page."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    from_bar = _number(_("From bar"), 1, LAST_BAR, _("Bars are whole numbers from 1 to 9999."))
    to_bar = _number(_("To bar"), 1, LAST_BAR, _("Bars are whole numbers from 1 to 9999."))
    target_tempo = _number(
        _("Target tempo"),
        SLOWEST,
        FASTEST,
        _("A tempo is a whole number from 20 to 400 beats a minute."),
        _("Beats a minute, from 20 to 400."),
    )
    status = forms.ChoiceField(
        label=_("How far it is"), choices=PieceStatus.choices, initial=PieceStatus.LEARNING
    )

    def clean(self) -> dict[str, Any]:
        """One bar alone is a section of one bar."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("from_bar"), data.get("to_bar")
        if {"from_bar", "to_bar"} & set(self.errors):
            return data
        if first is None and last is not None:
            self.add_error("from_bar", _("Say with which bar it begins, too."))
        elif first is not None and last is None:
            data["to_bar"] = first
        elif first is not None and last < first:
            self.add_error("to_bar", _("It cannot end before it begins."))
        return data

    def content(self) -> SectionContent:
        names = ("name", "from_bar", "to_bar", "target_tempo", "status")
        return SectionContent(**{name: self.cleaned_data[name] for name in names})


class SectionAddForm(NewForm, SectionForm):
    pass


class SectionEditForm(EditForm, SectionForm):
    pass


class SkillForm(RefusingForm):
    """What a skill is called, and of which kind it is."""

    name = LineField(
        label=_("Name"),
        min_length=SHORTEST_NAME,
        max_length=LONGEST_NAME,
        help_text=_("For example: vibrato, B flat major, reading the bass clef."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    category = forms.ChoiceField(
        label=_("Kind"), choices=SkillCategory.choices, initial=SkillCategory.TECHNIQUE
    )

    def content(self) -> SkillContent:
        names = ("name", "category", "is_archived")
        return SkillContent(**{name: self.cleaned_data[name] for name in names if name in self.fields})


class SkillAddForm(NewForm, SkillForm):
    """With a first note that says what it is about."""

    words = LongTextField(
        label=_("What it is about"),
        required=False,
        max_length=LONGEST_DESCRIPTION,
        help_text=_("Everybody who sees this diary reads it."),
    )


class SkillEditForm(EditForm, SkillForm):
    is_archived = forms.BooleanField(
        label=_("Put it away for now"),
        required=False,
        help_text=_("It stays at the end of the list and can be brought back."),
    )


class NoteForm(NewForm):
    """Words, a link, or both; whom they are for; and of which section, where the piece has any."""

    body = LongTextField(label=_("Your note"), required=False, max_length=LONGEST_NOTE)
    link = LinkField(
        label=_("Link"),
        required=False,
        max_length=LONGEST_LINK,
        help_text=_("A recording, a score, an explanation. Nobody here has looked at what is there."),
    )
    section = RowField(
        label=_("What it is about"),
        required=False,
        queryset=PieceSection.objects.none(),
        empty_label=_("the whole piece"),
        error_messages={
            "invalid_choice": _("This section is not there any more. Choose again what your note is about.")
        },
    )
    audience = forms.ChoiceField(label=_("Who may read it"), required=False)

    def __init__(self, data: Any = None, *, readers: Sequence[tuple[str, str]], sections: Any = None) -> None:
        super().__init__(data)
        section, audience = self.fields["section"], self.fields["audience"]
        assert isinstance(section, forms.ModelChoiceField)  # noqa: S101  (declared above)
        assert isinstance(audience, forms.ChoiceField)  # noqa: S101
        sent_section, sent_audience = (self[name].data for name in ("section", "audience"))
        if sections is None or not (sections or sent_section):
            del self.fields["section"]
        else:
            section.queryset = sections
            # The rows that the page shows anyway, not read once more.
            offered = [(str(row.pk), section.label_from_instance(row)) for row in sections]
            section.choices = [("", section.empty_label), *offered]
        audience.choices = list(readers)
        audience.error_messages["invalid_choice"] = _("Choose who may read it.")
        # With one choice there is nothing to ask; unless another was sent, which is to be answered here.
        if len(readers) < 2 and not sent_audience:
            audience.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"body", "link"} & set(self.errors) and not data.get("body") and not data.get("link"):
            self.add_error("body", _("Write something first, or give a link."))
        return data

    def content(self) -> NoteContent:
        """Raises NotThisTeaching: what was for one teacher never becomes everybody's."""
        data = self.cleaned_data
        audience: str = data["audience"]
        is_private, teaching = audience == PRIVATE, None
        if audience and not is_private:
            teaching = Teaching.objects.filter(pk=audience).first()
            if teaching is None:
                raise NotThisTeaching
        return NoteContent(
            body=data["body"],
            link=data["link"],
            section=data.get("section"),
            is_private=is_private,
            addressed_to=teaching,
        )
