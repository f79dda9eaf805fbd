"""The audit log for staff, and the bases of admins of pupils' data."""

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from . import audit, glass
from .models import AuditEvent, AuditSeal

# The stubs know admins by their model; Django itself does not.
if TYPE_CHECKING:
    DjangoModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    DjangoModelAdmin = admin.ModelAdmin
    TabularInline = admin.TabularInline


# Pictures that one page holds: each is read from the storage and stands in the answer itself, so that nobody
# sees one without the audit row of the reading.
PICTURES_AT_ONCE = 3


def first_picture(request: HttpRequest) -> int:
    """With which the reader asked to begin; they count from 1."""
    asked = request.GET.get("from", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def ways_to_pictures(count: int) -> SafeString:
    """To all of them, where one page does not hold them."""
    firsts = range(1, count + 1, PICTURES_AT_ONCE) if count > PICTURES_AT_ONCE else []
    return format_html_join(" · ", '<a href="?from={}">{}</a>', ((first, first) for first in firsts))


class ModelAdmin(DjangoModelAdmin):
    """The base of our admins: a list can be filtered only by what its pages show."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Django takes any column: ``?password__startswith=`` would spell a hash out by yes and no."""
        fields = flatten(self.get_fields(request))
        shown = {"pk", "id", *map(str, self.get_list_display(request)), *map(str, fields)}
        column = lookup.partition("__")[0]
        is_shown = not shown.isdisjoint({column, column.removesuffix("_id")})
        return is_shown and super().lookup_allowed(lookup, value, request)


class ReadOnlyAdmin(ModelAdmin):
    """History and what only services write: staff may look."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuditedReadAdmin(ModelAdmin):
    """Each reading of a child's content by staff leaves one audit row (ADR 0005).

    One per opened object (its form, its history, its deletion page) and one per shown page of a
    list. ``student_id_of`` says whose content it is.
    """

    def student_id_of(self, obj: Any) -> UUID | None:
        found: UUID | None = obj.student_id
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """Remember what this request opened; it counts as read when a page comes of it."""
        found = super().get_object(request, object_id, from_field)
        request._audited = self.audited(found) if found is not None else None  # type: ignore[attr-defined]
        return found

    def audited(self, obj: Any) -> Model:
        """What the audit row names: the object itself, or what it belongs to."""
        opened: Model = obj
        return opened

    def details_of(self, request: HttpRequest, student_id: UUID | None) -> dict[str, Any]:
        """What more a row about a reading says; without a student, about a list."""
        return {}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.read(request, super().changeform_view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.read(request, super().delete_view(request, *args, **kwargs))

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.read(request, super().history_view(request, *args, **kwargs))

    def read(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the row if the response shows the object; a redirect shows nothing."""
        found = getattr(request, "_audited", None)
        if found is not None and response.status_code == 200:
            audit.record(
                action="staff.read",
                actor=request.user,
                target=found,
                now=timezone.now(),
                student_id=self.student_id_of(found),
                **self.details_of(request, self.student_id_of(found)),
            )
        return response

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        response = super().changelist_view(request, extra_context)
        context = response.context_data if isinstance(response, TemplateResponse) else None
        changes = (context or {}).get("cl")
        if changes is not None:
            # A list has no object of its own: the reader stands in, the details name the model.
            audit.record(
                action="staff.listed",
                actor=request.user,
                target=cast("Model", request.user),
                now=timezone.now(),
                model=self.opts.label_lower,
                rows=len(changes.result_list),
                page=changes.page_num,
                **self.details_of(request, None),
            )
        return response


class GuardedReadAdmin(AuditedReadAdmin):
    """A child's content: shown only to who has an open case for this child, superusers too (ADR 0016).

    Lists hold the rows of one's open cases. ``student_path`` leads from a row to its student.
    """

    student_path = "student_id"
    change_list_template = "admin/guarded_change_list.html"

    def open_cases(self, request: HttpRequest) -> dict[UUID, UUID]:
        """Student → case, asked once for each request."""
        if not hasattr(request, "_open_cases"):
            request._open_cases = glass.open_cases(request.user, timezone.now())  # type: ignore[attr-defined]
        found: dict[UUID, UUID] = vars(request)["_open_cases"]
        return found

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """A page of one row asks ``get_object``, which says why it stays closed."""
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and "object_id" in match.kwargs:
            return rows
        return rows.filter(**{f"{self.student_path}__in": list(self.open_cases(request))})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        found = super().get_object(request, object_id, from_field)
        if found is None or not self.has_view_or_change_permission(request):
            return found
        student_id = self.student_id_of(self.audited(found))
        if student_id not in self.open_cases(request):
            raise glass.NoOpenCase(student_id)
        return found

    def details_of(self, request: HttpRequest, student_id: UUID | None) -> dict[str, Any]:
        cases = self.open_cases(request)
        shown = cases.values() if student_id is None else [cases[student_id]]
        return {"case": ",".join(sorted(map(str, shown)))}

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.behind_glass(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.behind_glass(request, super().delete_view, *args, **kwargs)

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.behind_glass(request, super().history_view, *args, **kwargs)

    def behind_glass(self, request: HttpRequest, view: Any, *args: Any, **kwargs: Any) -> Any:
        """The view, or a page that says how to open a case."""
        try:
            return view(request, *args, **kwargs)
        except glass.NoOpenCase as closed:
            context = self.admin_site.each_context(request) | {
                "title": _("This is behind glass"),
                "opts": self.opts,
                "student_id": closed.student_id,
                "open_page": glass.OPEN_PAGE,
            }
            return TemplateResponse(request, "admin/no_open_case.html", context, status=403)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)
        cases = len(self.open_cases(request))
        count = None if cases else self.model._default_manager.count()
        more = {"glass_count": count, "glass_cases": cases, "open_page": glass.OPEN_PAGE}
        return super().changelist_view(request, more | (extra_context or {}))


class ContentAdmin(ReadOnlyAdmin, GuardedReadAdmin):
    """Pupils' words and figures: services write them, staff with an open case read them."""

    list_per_page = 50
    show_full_result_count = False


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "actor", "target_type", "target_id", "student_id")
    list_filter = ("action",)
    list_select_related = ("actor",)
    list_per_page = 50
    search_fields = ("=target_id", "=student_id", "=action", "actor__email")
    search_help_text = _("action · target · student · e-mail")
    date_hierarchy = "at"
    ordering = ("-at", "-pk")
    show_full_result_count = False


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyAdmin):
    """The head is what to keep elsewhere."""

    list_display = ("number", "sealed_at", "upto", "hash")
    list_per_page = 50
    ordering = ("-number",)
    exclude = ("leaves",)
    show_full_result_count = False


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Django's own account of what staff wrote. Its names of rows are people's names: they stay out."""

    list_display = ("action_time", "user", "content_type", "object_id", "action", "get_change_message")
    list_filter = ("action_flag",)
    list_select_related = ("user", "content_type")
    list_display_links = None
    list_per_page = 50
    search_fields = ("=object_id", "user__email")
    search_help_text = _("target · e-mail")
    date_hierarchy = "action_time"
    ordering = ("-action_time", "-pk")
    show_full_result_count = False

    @admin.display(description=_("action"), ordering="action_flag")
    def action(self, obj: LogEntry) -> str:
        return str(obj.get_action_flag_display())

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        """The list says all there is; a page of its own would be headed by the row's name."""
        return
