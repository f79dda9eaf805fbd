"""Forms of the first pages."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import BrowserZoneField
from apps.accounts.models.students import AgeBand
from apps.core.forms import LineField


class OwnStudentForm(forms.Form):
    """A diary of one's own. The question about age is neutral: nothing is chosen beforehand."""

    name = LineField(
        label=_("Your name in the diary"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    age_band = forms.ChoiceField(
        label=_("How old are you?"),
        choices=[choice for choice in AgeBand.choices if choice[0] != AgeBand.UNKNOWN],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )

    @property
    def is_child(self) -> bool:
        """Under 13: somebody else starts this diary. Only after ``is_valid``."""
        return bool(self.cleaned_data["age_band"] == AgeBand.CHILD)


class ChildForm(forms.Form):
    """A child whom the person looks after; ``key`` makes a double click add one child."""

    name = LineField(
        label=_("The child's name"),
        max_length=100,
        help_text=_("A first name is enough. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    time_zone = BrowserZoneField()
    key = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
