"""The desk of the safeguarding and support teams: cases, looks, reports and holds."""

from typing import TYPE_CHECKING, Any, ClassVar, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.accounts.http import UserRequest, slow_down, writes_too_often
from apps.accounts.models import User
from apps.core.admin import (
    PICTURES_AT_ONCE,
    AuditedReadAdmin,
    ModelAdmin,
    ReadOnlyAdmin,
    first_picture,
    ways_to_pictures,
)

from . import queries, services
from .forms import CaseForm, HoldForm, LookForm
from .items import PHOTO, PICTURE, SCORE
from .middleware import LOOK
from .models import Impersonation, LegalHold, ReadingCase, Report, ReportNote

# The stubs know inlines by their models; Django itself does not.
if TYPE_CHECKING:
    StackedInline = admin.StackedInline[Any, Any]
else:
    StackedInline = admin.StackedInline


# How many points wide a reported file is shown, by the kind of item.
WIDTHS = {PHOTO: 256, PICTURE: 640, SCORE: 640}
LATE = _("The erasure had begun before: what is gone is gone. The hold keeps what is left.")


def me(request: HttpRequest) -> User:
    """Whoever is signed in: nobody else gets into the admin."""
    return cast("User", request.user)


class WrittenOnceAdmin(ModelAdmin):
    """Rows that a service makes from the form, and that nobody changes or deletes afterwards."""

    list_per_page = 50
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and writes_too_often(request):
            return slow_down(request)
        return super().add_view(request, *args, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form asks little; the row's own page says all."""
        return self.form._meta.fields if obj is None else super().get_fields(request, obj)

    def report_count(self, request: HttpRequest, count: int, done: str) -> None:
        self.message_user(request, done % count, messages.SUCCESS if count else messages.WARNING)


@admin.register(ReadingCase)
class ReadingCaseAdmin(WrittenOnceAdmin):
    """Support sees its own cases; the safeguarding team checks everybody's."""

    form = CaseForm
    list_display = ("opened_at", "staff", "student", "category", "expires_at", "closed_at")
    list_filter = ("category", "staff_kind")
    list_select_related = ("staff", "student")
    search_fields = ("=student__id", "staff__email")
    search_help_text = _("student · e-mail")
    ordering = ("-opened_at", "pk")
    actions = ("close",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request)
        return rows if request.user.has_perm("safeguarding.view_report") else rows.filter(staff=request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (
            ("email", *super().get_fields(request, obj)) if obj is None else super().get_fields(request, obj)
        )

    def save_model(self, request: HttpRequest, obj: ReadingCase, form: Any, change: bool) -> None:
        case = services.open_case(by=me(request), now=timezone.now(), **form.cleaned_data)
        vars(obj).update(vars(case))

    def has_close_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=_("Close the chosen cases"), permissions=["close"])
    def close(self, request: UserRequest, queryset: "QuerySet[ReadingCase]") -> None:
        now, count = timezone.now(), 0
        for case in queryset:
            if case.is_open(now):
                services.close_case(case=case, by=request.user, now=now)
                count += 1
        self.report_count(request, count, ngettext("%d case closed.", "%d cases closed.", count))


@admin.register(Impersonation)
class ImpersonationAdmin(WrittenOnceAdmin):
    """Adding one begins it, in this browser."""

    form = LookForm
    list_display = ("started_at", "staff", "person", "expires_at", "ended_at")
    list_select_related = ("staff", "person")
    raw_id_fields = ("person",)
    search_fields = ("staff__email", "person__email")
    search_help_text = _("e-mail")
    ordering = ("-started_at", "pk")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: Impersonation, form: Any, change: bool) -> None:
        look = services.start_look(by=me(request), now=timezone.now(), **form.cleaned_data)
        request.session[LOOK] = str(look.pk)
        vars(obj).update(vars(look))

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Out of the admin: the person has no business here."""
        return redirect("home:start")


class NoteInline(StackedInline):
    """Notes are added, never changed."""

    model = ReportNote
    extra = 1
    can_delete = False
    fields = ("written_at", "author", "body")
    readonly_fields = ("written_at", "author")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author").order_by("written_at", "pk")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(AuditedReadAdmin):
    """The queue: what is late first. Each report that is opened leaves an audit row."""

    list_display = ("due_at", "is_late", "state", "category", "kind", "assigned_to", "reported_at")
    list_filter = ("state", "category", "kind")
    list_select_related = ("assigned_to",)
    list_per_page = 50
    search_fields = ("=id", "=item_id", "=student__id")
    ordering = ("closed_at", "due_at", "pk")
    show_full_result_count = False
    fields = (
        "state",
        "category",
        "due_at",
        "assigned_to",
        "kind",
        "item_id",
        "student",
        "author",
        "reporter",
        "reported_at",
        "closed_at",
        "words",
        "evidence",
        "reported_photos",
    )
    readonly_fields = fields
    inlines: ClassVar = [NoteInline]
    actions = ("take", "close", "hold", "take_photo_down")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Reports come from the pages."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("late"), boolean=True)
    def is_late(self, obj: Report) -> bool:
        return obj.is_late(timezone.now())

    @admin.display(description=_("reported photos"))
    def reported_photos(self, obj: Report) -> str:
        """On this page alone, and in it: so nobody sees one without the audit row of the reading."""
        kept = queries.kept_photos(obj, vars(obj).get("first_picture", 1), PICTURES_AT_ONCE)
        shown = format_html_join(
            " ",
            '<img src="data:image/webp;base64,{}" alt="{}" width="{}">',
            ((photo, path, WIDTHS[obj.kind]) for path, photo in kept),
        )
        return shown + ways_to_pictures(len(obj.photos))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            vars(found)["first_picture"] = first_picture(request)
        return found

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The only thing that the page writes: notes."""
        formset.save(commit=False)
        formset.new_objects = [
            services.add_note(report=note.report, by=me(request), body=note.body, now=timezone.now())
            for note in formset.new_objects
        ]

    def save_model(self, request: HttpRequest, obj: Report, form: Any, change: bool) -> None:
        """Nothing of the report itself is changed here."""

    def has_write_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def _each(self, request: UserRequest, queryset: "QuerySet[Report]", act: Any, done: Any) -> None:
        now = timezone.now()
        count = sum(bool(act(report=report, by=request.user, now=now)) for report in queryset)
        self.message_user(request, done(count) % count, messages.SUCCESS if count else messages.WARNING)

    @admin.action(description=_("I look after these"), permissions=["write"])
    def take(self, request: UserRequest, queryset: "QuerySet[Report]") -> None:
        self._each(
            request,
            queryset,
            services.take_report,
            lambda n: ngettext("%d report is yours now.", "%d reports are yours now.", n),
        )

    @admin.action(description=_("Close, and tell whoever reported it"), permissions=["write"])
    def close(self, request: UserRequest, queryset: "QuerySet[Report]") -> None:
        self._each(
            request,
            queryset,
            services.close_report,
            lambda n: ngettext("%d report closed.", "%d reports closed.", n),
        )

    @admin.action(description=_("Take the reported photo down"), permissions=["write"])
    def take_photo_down(self, request: UserRequest, queryset: "QuerySet[Report]") -> None:
        self._each(
            request,
            queryset.select_related("author"),
            services.take_photo_down,
            lambda n: ngettext("%d photo taken down.", "%d photos taken down.", n),
        )

    @admin.action(
        description=_("Keep the diary and the writer's account (legal hold)"), permissions=["write"]
    )
    def hold(self, request: UserRequest, queryset: "QuerySet[Report]") -> None:
        now, reports = timezone.now(), queryset.select_related("student", "author")
        placed = [hold for report in reports if (hold := hold_for(report=report, by=request.user, now=now))]
        done = ngettext("%d hold placed.", "%d holds placed.", len(placed)) % len(placed)
        self.message_user(request, done, messages.SUCCESS if placed else messages.WARNING)
        if any(queries.is_late(hold) for hold in placed):
            self.message_user(request, LATE, messages.WARNING)


def hold_for(*, report: Report, by: Any, now: Any) -> LegalHold | None:
    """A hold on whatever the report is about, if anything of it is there still."""
    if report.student is None and report.author is None:
        return None
    reason = f"report {report.pk}"
    return services.place_hold(student=report.student, person=report.author, reason=reason, by=by, now=now)


@admin.register(ReportNote)
class ReportNoteAdmin(ReadOnlyAdmin, AuditedReadAdmin):
    """All notes, the newest first; they are written on the report's page."""

    list_display = ("written_at", "author", "report_id")
    list_select_related = ("author",)
    list_per_page = 50
    search_fields = ("=report__id",)
    ordering = ("-written_at", "pk")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("report", "author")

    def student_id_of(self, obj: ReportNote) -> UUID | None:
        return obj.report.student_id


@admin.register(LegalHold)
class LegalHoldAdmin(WrittenOnceAdmin):
    """Placing one, and lifting it."""

    form = HoldForm
    list_display = ("placed_at", "student", "person", "placed_by", "lifted_at")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("student", "person", "placed_by")
    raw_id_fields = ("student", "person")
    search_fields = ("=student__id", "person__email")
    ordering = ("-placed_at", "pk")
    actions = ("lift",)

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        hold = services.place_hold(by=me(request), now=timezone.now(), **form.cleaned_data)
        vars(obj).update(vars(hold))
        if queries.is_late(hold):
            self.message_user(request, LATE, messages.WARNING)

    def has_lift_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    @admin.action(description=_("Lift the chosen holds"), permissions=["lift"])
    def lift(self, request: UserRequest, queryset: "QuerySet[LegalHold]") -> None:
        now = timezone.now()
        count = sum(services.lift_hold(hold=hold, by=request.user, now=now) for hold in queryset)
        self.report_count(request, count, ngettext("%d hold lifted.", "%d holds lifted.", count))
