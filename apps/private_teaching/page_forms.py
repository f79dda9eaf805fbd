"""Forms of a teacher's public page: writing it, searching all of them, and what the staff decide."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.profiles import LONGEST_INSTRUMENT, MOST_INSTRUMENTS
from apps.core.forms import LineField, LinesField, LongTextField
from apps.core.languages import CHOICES

from .models import TeacherProfile
from .models.pages import (
    LONGEST_BIO,
    LONGEST_PAGE_NAME,
    LONGEST_VERDICT,
    MOST_LANGUAGES,
    MOST_PLACES,
    PageState,
)

# The stubs know forms by their models; Django itself does not.
if TYPE_CHECKING:
    VerdictBase = forms.ModelForm[TeacherProfile]
else:
    VerdictBase = forms.ModelForm


class PageForm(forms.Form):
    """Everything that stands on the page, and how many pupils there is room for."""

    display_name = LineField(
        label=_("Name on the page"),
        max_length=LONGEST_PAGE_NAME,
        help_text=_("Everybody can read it. A first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    bio = LongTextField(
        label=_("About you"),
        max_length=LONGEST_BIO,
        help_text=_("How you teach, whom, and where. No address and no telephone number, please."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    instruments = LinesField(
        label=_("Instruments"),
        most=MOST_INSTRUMENTS,
        longest=LONGEST_INSTRUMENT,
        help_text=_("One on each line."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you teach"),
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one language.")},
    )
    places = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=MOST_PLACES,
        initial=10,
        help_text=_("How many pupils you teach here at most. Nobody else sees the number."),
    )
    is_taking = forms.BooleanField(
        label=_("I take new pupils at the moment"),
        required=False,
        initial=True,
        help_text=_("Without it your page stays, and nobody can ask you for lessons."),
    )

    def clean_languages(self) -> list[str]:
        found: list[str] = self.cleaned_data["languages"]
        if len(found) > MOST_LANGUAGES:
            raise forms.ValidationError(
                _("These are too many: %(most)d at most."), params={"most": MOST_LANGUAGES}, code="many"
            )
        return found

    def texts(self) -> dict[str, object]:
        """What the staff check. Only after ``is_valid``."""
        names = ("display_name", "bio", "instruments", "languages")
        return {name: self.cleaned_data[name] for name in names}


class SearchForm(forms.Form):
    """What somebody looks for; whatever cannot be is as good as nothing."""

    instrument = LineField(
        label=_("Instrument"),
        required=False,
        max_length=LONGEST_INSTRUMENT,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("Every language")), *CHOICES]
    )

    def found(self) -> dict[str, str]:
        """The filters that can be used."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class Verdict(StrEnum):
    """What the staff may decide about a page."""

    APPROVE = "approve"
    DECLINE = "decline"
    SUSPEND = "suspend"
    LIFT = "lift"


LABELS = {
    Verdict.APPROVE: _("Approve: everybody can read it"),
    Verdict.DECLINE: _("Do not approve: the teacher reads why"),
    Verdict.SUSPEND: _("Suspend: take the page down and close all open requests"),
    Verdict.LIFT: _("Lift the suspension: the teacher may send it in again"),
}


def verdicts_for(state: str) -> list[Verdict]:
    """What can be decided about a page now."""
    if state == PageState.SUSPENDED:
        return [Verdict.LIFT]
    both = [Verdict.APPROVE, Verdict.DECLINE] if state == PageState.SUBMITTED else []
    return [*both, Verdict.SUSPEND]


class VerdictForm(VerdictBase):
    """On the page's form in the admin. ``version`` names the words that were read before deciding."""

    verdict = forms.ChoiceField(label=_("Decision"), choices=(), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONGEST_VERDICT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The teacher reads it. Needed for a no and for a suspension."),
    )
    version = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = TeacherProfile
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [(str(name), LABELS[name]) for name in verdicts_for(self.instance.state)]
        self.fields["version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        verdict = data.get("verdict")
        if verdict in (Verdict.DECLINE, Verdict.SUSPEND) and not data.get("reason"):
            self.add_error("reason", _("Please say why: the teacher reads it."))
        # A suspension is about the person: new words are in nobody's way.
        about_words = verdict in (Verdict.APPROVE, Verdict.DECLINE)
        if about_words and data.get("version") != self.instance.version:
            self.add_error("verdict", _("The teacher has changed the page meanwhile. Please read it again."))
        return data
