"""Forms of exams and performances."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.core.days import LAST_DAY
from apps.core.forms import LineField

from .content import OccasionContent
from .forms import EditForm, NewForm, RefusingForm, day_field
from .models import Occasion, Piece
from .models.occasions import (
    LONGEST_BOARD,
    LONGEST_GRADE,
    LONGEST_OCCASION,
    LONGEST_RESULT,
    MOST_HOURS,
    OccasionKind,
)


def _line(label: Any, longest: int, help_text: Any = "", *, required: bool = False) -> LineField:
    return LineField(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )


class PiecesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django has no arguments here.
    """Some of the rows on offer; what is no key at all gets the same answer as another's key."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice") from error


class OccasionForm(RefusingForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=OccasionKind.choices, initial=OccasionKind.EXAM)
    title = _line(
        _("What it is called"),
        LONGEST_OCCASION,
        _("For example: summer concert, violin exam."),
        required=True,
    )
    held_on = day_field(_("On which day"), required=True, latest=LAST_DAY)
    board = _line(_("Who holds it"), LONGEST_BOARD)
    grade = _line(_("Grade or level"), LONGEST_GRADE)
    target_hours = forms.IntegerField(
        label=_("Hours to practise for it"),
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_("We count the sessions for which you chose it."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Hours are whole numbers from 1 to 1000.")
        ),
    )
    pieces = PiecesField(
        label=_("Pieces"),
        required=False,
        queryset=Piece.objects.none(),
        error_messages={"invalid_choice": _("One of these pieces is not there any more. Choose again.")},
    )
    result = _line(_("Result"), LONGEST_RESULT, _("When it is over: a mark, points, or how it felt."))

    def offer(self, pieces: QuerySet[Piece]) -> None:
        field = self.fields["pieces"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  (declared above)
        field.queryset = pieces

    def content(self) -> OccasionContent:
        names = ("kind", "title", "held_on", "board", "grade", "target_hours", "result")
        found = {name: self.cleaned_data[name] for name in names}
        return OccasionContent(pieces=list(self.cleaned_data["pieces"]), **found)


class OccasionAddForm(NewForm, OccasionForm):
    def __init__(self, data: Any = None, *, pieces: QuerySet[Piece]) -> None:
        super().__init__(data)
        self.offer(pieces)


class OccasionEditForm(EditForm, OccasionForm):
    def __init__(self, data: Any = None, *, row: Occasion, pieces: QuerySet[Piece]) -> None:
        super().__init__(data, row=row)
        self.initial["pieces"] = list(row.pieces.values_list("pk", flat=True))
        self.offer(pieces)
