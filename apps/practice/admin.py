"""The diary for staff: to look at, never to write in; each reading leaves an audit row (ADR 0005)."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import AuditedReadAdmin, ModelAdmin, ReadOnlyAdmin

from .models import EntryComment, FocusArea, NewMark, PracticeDay, PracticeEntry, PracticeItem

# The stubs know inlines by their models; Django itself does not.
if TYPE_CHECKING:
    TabularInline = admin.TabularInline[Any, Any]
else:
    TabularInline = admin.TabularInline


class ContentAdmin(ReadOnlyAdmin, AuditedReadAdmin):
    """Pupils' words and figures: services write them, staff read them on the record."""

    list_per_page = 50
    show_full_result_count = False


class ReadOnlyInline(TabularInline):
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LineInline(ReadOnlyInline):
    model = PracticeItem
    fields = ("position", "kind", "title", "minutes")
    readonly_fields = fields


class CommentInline(ReadOnlyInline):
    model = EntryComment
    fields = ("created_at", "author", "author_role", "kind", "body", "deleted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author").order_by("created_at", "pk")


@admin.register(PracticeEntry)
class PracticeEntryAdmin(ContentAdmin):
    """The list shows when and how long; words stand on the entry's own page."""

    list_display = (
        "practised_on",
        "student",
        "minutes",
        "logged_by",
        "is_private",
        "created_at",
        "deleted_at",
    )
    list_filter = ("preparing_for_exam", "preparing_for_performance", "is_private")
    list_select_related = ("student", "logged_by")
    date_hierarchy = "practised_on"
    search_fields = ("=id", "student__name", "logged_by__email")
    ordering = ("-created_at", "-pk")
    inlines: ClassVar = [LineInline, CommentInline]


@admin.register(EntryComment)
class EntryCommentAdmin(ContentAdmin):
    list_display = ("created_at", "author", "author_role", "kind", "entry_id", "deleted_at")
    list_filter = ("author_role", "kind")
    search_fields = ("=id", "=entry__id", "author__email")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author", "entry__student", "thread__teacher")

    def student_id_of(self, obj: EntryComment) -> UUID | None:
        return obj.entry.student_id


@admin.register(PracticeDay)
class PracticeDayAdmin(ContentAdmin):
    """The list says all there is."""

    list_display = ("practised_on", "student", "sessions", "minutes", "is_private", "addressed_to")
    list_filter = ("is_private",)
    list_select_related = ("student", "addressed_to__teacher", "addressed_to__student")
    list_display_links = None
    date_hierarchy = "practised_on"
    search_fields = ("student__name", "=student__id")
    ordering = ("-practised_on", "student", "pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(NewMark)
class NewMarkAdmin(ContentAdmin):
    """The list says all there is: who has not read which entry yet."""

    list_display = ("marked_at", "teaching", "entry_id")
    list_select_related = ("teaching__teacher", "teaching__student")
    list_display_links = None
    search_fields = ("=entry__id", "teaching__teacher__email")
    ordering = ("-marked_at", "-pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(FocusArea)
class FocusAreaAdmin(ModelAdmin):
    list_display = ("slug", "__str__", "position")
    list_editable = ("position",)
    search_fields = ("slug",)
    ordering = ("position", "slug")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It would vanish from every entry that says it was about this."""
        return False


class RevisionAdmin(ContentAdmin):
    """Versions written by database triggers: history, so nobody changes it."""

    list_display = ("pgh_created_at", "pgh_label", "pgh_obj_id", "changed_by")
    list_filter = ("pgh_label",)
    list_select_related = ("pgh_context",)
    search_fields = ("=id",)
    ordering = ("-pgh_created_at", "-pk")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Model | None:
        """The audit row names the entry: a version has no key of its own, and its line may be gone."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            columns = vars(found)
            names = ("entry_id", "practiceentry_id", "pgh_obj_id")
            entry_id = next(columns[name] for name in names if name in columns)
            request._audited = PracticeEntry.objects.get(pk=entry_id)  # type: ignore[attr-defined]
        return found

    @admin.display(description=_("by"))
    def changed_by(self, obj: Any) -> str:
        """Whose request made this version; a comment's version has an ``author`` of its own."""
        return str(obj.pgh_context.metadata.get("user", "")) if obj.pgh_context else ""


class FocusAreaRevisionAdmin(RevisionAdmin):
    """Which area came to which entry, and went."""

    # The types count the columns.
    list_display = (  # type: ignore[assignment]
        "pgh_created_at",
        "pgh_label",
        "practiceentry_id",
        "focusarea",
        "changed_by",
    )
    list_select_related = ("pgh_context", "focusarea")  # type: ignore[assignment]
    search_fields = ("=practiceentry__id",)


admin.site.register(apps.get_model("practice", "EntryFocusAreaRevision"), FocusAreaRevisionAdmin)
for name in ("PracticeEntryRevision", "PracticeItemRevision", "EntryCommentRevision"):
    admin.site.register(apps.get_model("practice", name), RevisionAdmin)
