"""What people and staff fill in: a report, a reason."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import LongTextField

from . import services
from .models import Impersonation, LegalHold, ReadingCase
from .models.cases import LONGEST_REASON
from .models.reports import LONGEST_WORDS, ReportCategory

# The stubs know forms by their models; Django itself does not.
if TYPE_CHECKING:
    CaseBase = forms.ModelForm[ReadingCase]
    LookBase = forms.ModelForm[Impersonation]
    HoldBase = forms.ModelForm[LegalHold]
else:
    CaseBase = LookBase = HoldBase = forms.ModelForm


class ReportForm(forms.Form):
    """Simple enough for a child: what it is, and words if one wants to say more."""

    category = forms.ChoiceField(
        label=_("What is it?"), choices=ReportCategory.choices, widget=forms.RadioSelect
    )
    words = LongTextField(
        label=_("Do you want to say more?"),
        help_text=_("You need not. What stands there is sent along."),
        required=False,
        max_length=LONGEST_WORDS,
    )


def reason_field() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        min_length=10,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For colleagues who check later. The family sees the kind of reason, not these words."),
    )


class CaseForm(CaseBase):
    """A case cannot be opened without saying why."""

    reason = reason_field()

    class Meta:
        model = ReadingCase
        fields = ("student", "category", "reason")


class LookForm(LookBase):
    """Whom to look as; ``by`` is who asks (set by the admin)."""

    by: Any = None
    reason = reason_field()

    class Meta:
        model = Impersonation
        fields = ("person", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        person = cleaned.get("person")
        if person is not None:
            try:
                services.refuse_look(person=person, by=self.by)
            except services.CannotLookAs:
                self.add_error(
                    "person", _("Nobody looks as a colleague, as themselves or as a closed account.")
                )
        return cleaned


class HoldForm(HoldBase):
    """A diary, an account, or both."""

    reason = forms.CharField(
        label=_("Reason"), min_length=10, max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4})
    )

    class Meta:
        model = LegalHold
        fields = ("student", "person", "reason")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and cleaned.get("student") is None and cleaned.get("person") is None:
            self.add_error("student", _("Say whose diary or account must be kept."))
        return cleaned
