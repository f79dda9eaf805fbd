"""The staff's site in a browser: Django's pages in our colours, one of each kind, with a very long name."""

from collections.abc import Callable

from allauth.account.models import EmailAddress
from django.urls import reverse

from apps.accounts.models import Student, User
from apps.safeguarding.models import Report
from tests.sweep.world import make_world

from .conftest import LOOKS, Visitor

# Django's own: the label of a search is a picture, and the hint below it not its label; style sheets import
# others, which the checker would read by inline copies, and the policy of the page refuses those.
RULES = """{preload: false, resultTypes: ['violations'], rules: {
    'target-size': {enabled: true}, 'label-title-only': {enabled: false}}}"""

LONG = "W" * 100  # as long as a name may be


def test_each_kind_of_page(visitor: Callable[..., Visitor], transactional_db: None) -> None:
    """What remains outside is the chooser of groups and permissions: its hints are Django's own script."""
    cast = make_world().cast
    Student.objects.filter(pk=cast.student.pk).update(name=LONG)
    User.objects.filter(pk=cast.user("guardian").pk).update(display_name=LONG)
    staff = visitor()
    staff.is_signed_in(cast.user("superuser"))
    student = [cast.student.pk]
    address = EmailAddress.objects.get(user=cast.user("teacher"))
    for path in (
        reverse("admin:index"),
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_student_changelist"),
        reverse("admin:accounts_student_change", args=student),
        reverse("admin:accounts_student_history", args=student),
        reverse("admin:core_auditevent_changelist"),
        reverse("admin:account_emailaddress_change", args=[address.pk]),
        reverse("admin:account_emailaddress_delete", args=[address.pk]),
        reverse("admin:practice_focusarea_changelist"),
        reverse("admin:safeguarding_legalhold_add"),
        reverse("admin:safeguarding_report_change", args=[Report.objects.earliest("pk").pk]),
    ):
        assert staff.visit(path) == 200
        for width, scheme in (LOOKS[0], LOOKS[2]):
            staff.page.set_viewport_size({"width": width, "height": 844})
            staff.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            staff.check(f"at {width} px, {scheme}", RULES)
