"""People, for staff: searchable, as little to change as support needs, every reading of a child noted."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.admin import AuditedReadAdmin, GuardedReadAdmin, ModelAdmin, ReadOnlyAdmin

from . import family_admin, queries, services
from .connecting import disconnect_all
from .http import UserRequest
from .models import (
    CodeAttempt,
    Guardianship,
    Invitation,
    LeavingPhoto,
    ReaderLink,
    Student,
    StudentGrant,
    StudentProfile,
    User,
    UserSession,
)

__all__ = ["family_admin"]

# People whose connected accounts are removed together: as many as somebody reads on one page.
MOST_AT_ONCE = 50

# Secrets of second factors are nobody's to read.
admin.site.unregister(Authenticator)
# Whoever could write an account elsewhere to a person would sign in as them. The other two tables stay empty.
for _model in (SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(_model)


@admin.register(User)
class UserAdmin(ModelAdmin):
    """Support may lock an account and correct a name; who is staff is for superusers to say.

    Nobody sets a password for somebody else: there is the reset by mail.
    """

    list_display = ("email", "display_name", "is_active", "is_staff", "date_joined", "last_login")
    list_filter = ("is_active", "is_staff", "groups")
    list_per_page = 50
    search_fields = ("email", "display_name")
    ordering = ("-date_joined", "pk")
    fields = (
        "email",
        "display_name",
        "language",
        "time_zone",
        "week_starts_on",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "date_joined",
        "last_login",
    )
    filter_horizontal = ("groups",)
    actions = ("end_connections",)
    only_superusers_change = ("is_staff", "is_superuser", "groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        always = ("email", "date_joined", "last_login")
        return always if request.user.is_superuser else (*always, *self.only_superusers_change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Accounts are made by signing up."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only a superuser changes the account of staff, so that nobody locks out their overseers."""
        may = super().has_change_permission(request, obj)
        return may and (request.user.is_superuser or obj is None or not obj.is_staff)

    def has_end_connections_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @admin.action(description=gettext_lazy("Remove connected accounts"), permissions=["end_connections"])
    def end_connections(self, request: UserRequest, queryset: "QuerySet[User]") -> HttpResponse | None:
        """For whoever finds that somebody else connected an account, and cannot get in; they are told.

        First a page names whom it is about; on its button it happens to those and nobody else.
        """
        people = list(queries.connected_people(queryset).items())
        if not people:
            self.message_user(request, _("None of them has connected an account."), messages.WARNING)
            return None
        if len(people) > MOST_AT_ONCE:
            text = _("These are %d people with connected accounts. Choose fewer of them.") % len(people)
            self.message_user(request, text, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self.name_people(request, people)
        removed = sum(disconnect_all(request, person) for person, names in people)
        text = ngettext("%d connected account removed.", "%d connected accounts removed.", removed) % removed
        self.message_user(request, text)
        return None

    def name_people(self, request: HttpRequest, people: list[tuple[User, list[str]]]) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": _("Remove connected accounts"),
            "opts": self.opts,
            "people": people,
            "checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/end_connections.html", context)


@admin.register(Student)
class StudentAdmin(AuditedReadAdmin):
    list_display = ("name", "age_band", "time_zone", "user", "created_by", "created_at")
    list_filter = ("age_band",)
    list_select_related = ("user", "created_by")
    list_per_page = 50
    search_fields = ("name", "user__email", "=id")
    ordering = ("-created_at", "pk")
    fields = (
        "name",
        "user",
        "birth_month",
        "age_band",
        "country",
        "collecting",
        "time_zone",
        "day_ends_at_hour",
        "max_minutes",
        "created_by",
        "created_at",
    )
    readonly_fields = ("user", "age_band", "country", "collecting", "created_by", "created_at")

    def student_id_of(self, obj: Any) -> UUID | None:
        found: UUID = obj.pk
        return found

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """The month of birth through its service, which moves what hangs on it and tells the family."""
        birth_month, obj.birth_month = obj.birth_month, form.initial["birth_month"]
        super().save_model(request, obj, form, change)
        services.correct_birth_month(
            student=obj, birth_month=birth_month, by=request.user, now=timezone.now()
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A student without anybody around would be nobody's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(StudentProfile)
class StudentProfileAdmin(GuardedReadAdmin, ReadOnlyAdmin):
    """The family's own words: staff with an open case may read them, and each reading is told."""

    list_display = ("student", "level")
    list_filter = ("level",)
    list_select_related = ("student",)
    list_per_page = 50
    search_fields = ("student__name", "=student__id")
    ordering = ("-pk",)
    fields = ("student", "instruments", "level", "goal")


@admin.register(Guardianship)
class GuardianshipAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    list_display = ("student", "guardian", "started_at", "suspended_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("student", "guardian")
    list_per_page = 50
    search_fields = ("student__name", "guardian__email", "guardian__display_name")
    ordering = ("-started_at", "pk")


@admin.register(StudentGrant)
class StudentGrantAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    list_display = ("content_object", "user", "permission", "granted_by", "granted_at", "expires_at")
    list_select_related = ("content_object", "user", "permission__content_type", "granted_by")
    list_per_page = 50
    search_fields = ("content_object__name", "user__email", "user__display_name")
    ordering = ("-granted_at", "pk")

    def student_id_of(self, obj: Any) -> UUID | None:
        found: UUID = obj.content_object_id
        return found


@admin.register(ReaderLink)
class ReaderLinkAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """The link itself is not here: staff must not read by it."""

    list_display = ("student", "name", "email", "made_by", "made_at", "expires_at", "opened_at", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    list_select_related = ("student", "made_by")
    list_per_page = 50
    search_fields = ("email", "student__name", "made_by__email")
    ordering = ("-made_at", "pk")
    fields = (*list_display, "language", "openings")


@admin.register(Invitation)
class InvitationAdmin(AuditedReadAdmin, ReadOnlyAdmin):
    """The link itself is not here: staff must not be able to accept for somebody."""

    list_display = ("student", "role", "email", "invited_by", "sent_at", "expires_at", "standing")
    list_filter = ("role",)
    list_select_related = ("student", "invited_by")
    list_per_page = 50
    search_fields = ("email", "student__name", "invited_by__email")
    ordering = ("-sent_at", "pk")
    fields = (
        "student",
        "role",
        "email",
        "language",
        "instrument",
        "grant_level",
        "grant_until",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
        "accepted_at",
        "accepted_by",
        "declined_at",
        "cancelled_at",
    )
    actions = ("cancel",)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, obj: Invitation) -> str:
        return str(obj.state(timezone.now()).label)

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.change_invitation"))

    @admin.action(description=gettext_lazy("Cancel the chosen invitations"), permissions=["cancel"])
    def cancel(self, request: UserRequest, queryset: QuerySet[Invitation]) -> None:
        cancelled = 0
        for invitation in queryset:
            try:
                services.cancel_invitation(invitation=invitation, by=request.user, now=timezone.now())
            except services.InvitationIsNotPending:
                messages.warning(request, _("%s was answered already.") % invitation)
            else:
                cancelled += 1
        text = ngettext("%d invitation cancelled.", "%d invitations cancelled.", cancelled) % cancelled
        messages.success(request, text)


@admin.register(CodeAttempt)
class CodeAttemptAdmin(ReadOnlyAdmin):
    """How often codes are being guessed; from where is a hash, to tell one place from many."""

    list_display = ("at", "source")
    list_per_page = 50
    ordering = ("-at", "pk")


@admin.register(LeavingPhoto)
class LeavingPhotoAdmin(ReadOnlyAdmin):
    """Whether a photo that somebody removed is deleted yet; what is on it is nobody's to see here."""

    list_display = ("user", "goes_at")
    list_select_related = ("user",)
    list_per_page = 50
    search_fields = ("user__email", "user__display_name")
    fields = ("user", "goes_at")
    ordering = ("goes_at", "pk")


@admin.register(UserSession)
class UserSessionAdmin(ReadOnlyAdmin):
    """For whoever asks for help and cannot get in: where they are signed in, and ending it. The session
    itself is nobody's to see."""

    list_display = ("user", "browser", "signed_in_at", "seen_at")
    list_select_related = ("user",)
    list_per_page = 50
    search_fields = ("user__email", "user__display_name")
    fields = ("user", "browser", "signed_in_at", "seen_at")
    ordering = ("-seen_at", "pk")
    actions = ("end",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.delete_usersession")

    @admin.action(description=gettext_lazy("Sign out there"), permissions=["end"])
    def end(self, request: UserRequest, queryset: "QuerySet[UserSession]") -> None:
        rows, now = list(queryset), timezone.now()
        for row in rows:
            services.end_session(session=row, by=request.user, now=now)
        done = ngettext("%d session ended.", "%d sessions ended.", len(rows)) % len(rows)
        self.message_user(request, done)
