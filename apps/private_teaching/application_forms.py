"""Forms of asking a teacher, and of what both sides say."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Student
from apps.core.forms import LongTextField

from .models.applications import LONGEST_MESSAGE


class ApplicationForm(forms.Form):
    """Who learns, what, and a few words. Nobody is chosen before somebody has said so."""

    student = forms.ChoiceField(
        label=_("Who would like lessons?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    instrument = forms.ChoiceField(
        label=_("Instrument"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    body = LongTextField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        help_text=_(
            "What do you play, and when would lessons fit? No address and no telephone number, please."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, data: Any = None, *, students: Sequence[Student], instruments: Sequence[str]) -> None:
        super().__init__(data)
        self.students = {str(each.pk): each for each in students}
        who, what = self.fields["student"], self.fields["instrument"]
        assert isinstance(who, forms.ChoiceField)  # noqa: S101  (declared above)
        assert isinstance(what, forms.ChoiceField)  # noqa: S101  (declared above)
        who.choices = [(key, each.name) for key, each in self.students.items()]
        what.choices = [(each, each) for each in instruments]
        if len(students) == 1:
            who.initial = str(students[0].pk)
        if len(instruments) == 1:
            what.initial = instruments[0]

    def clean_student(self) -> Student:
        return self.students[self.cleaned_data["student"]]


class MessageForm(forms.Form):
    """One message. ``key`` makes a double click write once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    body = LongTextField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"key": uuid4()})

    def refuse(self) -> None:
        """The key was used for something else: a fresh one, and once more."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["key"] = str(uuid4())  # type: ignore[index]
        self.add_error(None, gettext("This form was used before. Please press Send again."))


class DeclineForm(forms.Form):
    """A no, with kind words that may be changed or left out."""

    words = LongTextField(
        label=_("Your answer"),
        required=False,
        max_length=LONGEST_MESSAGE,
        help_text=_("The family reads it. You may change it or leave it empty."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )

    def __init__(self, data: Any = None) -> None:
        kind = gettext(
            "Thank you for asking me. I am sorry that I cannot teach you at the moment."
            " I hope you find a teacher who suits you."
        )
        super().__init__(data, initial={"words": kind})
