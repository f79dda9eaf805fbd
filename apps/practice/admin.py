"""The diary for staff: to look at with an open case, never to write in (ADR 0016)."""

from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.contrib import admin
from django.contrib.admin import widgets
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from apps.core.admin import AuditedReadAdmin, ContentAdmin, ModelAdmin, ReadOnlyAdmin, ReadOnlyInline

from .models import (
    CommentThanks,
    EntryComment,
    EntryWords,
    FocusArea,
    NewMark,
    PracticeDay,
    PracticeEntry,
    PracticeItem,
    SavedFilter,
    TalkSeen,
    ThingDay,
    WeekSignOff,
)


class LineInline(ReadOnlyInline):
    model = PracticeItem
    fields = ("position", "kind", "title", "minutes", "share_minutes", "tempo", "repetitions")
    readonly_fields = fields


class CommentInline(ReadOnlyInline):
    model = EntryComment
    fields = ("created_at", "author", "author_role", "kind", "body", "deleted_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author").order_by("created_at", "pk")


@admin.register(WeekSignOff)
class WeekSignOffAdmin(ContentAdmin):
    list_display = ("week_on", "student", "teaching", "minutes", "signed_by", "signed_at")
    list_select_related = ("student", "teaching__teacher", "teaching__student", "signed_by")
    search_fields = ("student__name", "=student__id")
    ordering = ("-week_on", "pk")
    fields = ("student", "teaching", "week_on", "minutes", "sessions", "note", "signed_by", "signed_at")


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
    student_path = "entry__student_id"
    list_display = ("created_at", "author", "author_role", "kind", "entry_id", "deleted_at")
    list_filter = ("author_role", "kind")
    search_fields = ("=id", "=entry__id", "author__email")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("author", "entry__student", "thread__teacher")

    def student_id_of(self, obj: EntryComment) -> UUID | None:
        return obj.entry.student_id


@admin.register(CommentThanks)
class CommentThanksAdmin(ContentAdmin):
    student_path = "comment__entry__student_id"
    list_display = ("created_at", "user", "comment_id")
    search_fields = ("=id", "=comment__id", "user__email")
    ordering = ("-created_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).select_related("user", "comment__entry")

    def student_id_of(self, obj: CommentThanks) -> UUID | None:
        return obj.comment.entry.student_id


@admin.register(PracticeDay)
class PracticeDayAdmin(ContentAdmin):
    """The list says all there is. Who may not know the students sees days without names."""

    list_display = ("practised_on", "student", "sessions", "minutes", "is_private", "addressed_to")
    nameless = ("practised_on", "sessions", "minutes")
    list_select_related = ("student", "addressed_to__teacher", "addressed_to__student")
    list_display_links = None
    date_hierarchy = "practised_on"
    search_fields = ("student__name", "=student__id")
    ordering = ("-practised_on", "student", "pk")

    def knows_students(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("accounts.view_student"))

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display if self.knows_students(request) else self.nameless

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What a list can be filtered by is what its reader may see."""
        return self.get_list_display(request)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return ("is_private",) if self.knows_students(request) else ()

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.search_fields if self.knows_students(request) else ()

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Without names and without what is private, no case is needed."""
        if self.knows_students(request):
            return super().get_queryset(request)
        return PracticeDay.objects.filter(is_private=False).order_by("-practised_on", "pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(ThingDay)
class ThingDayAdmin(ContentAdmin):
    """The list says all there is; what somebody practises is theirs as the diary is."""

    list_display = ("practised_on", "student", "piece", "skill", "sessions", "minutes", "is_private")
    list_select_related = ("student", "piece", "skill")
    list_display_links = None
    search_fields = ("student__name", "=student__id", "=piece__id", "=skill__id")
    ordering = ("-practised_on", "-pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(NewMark)
class NewMarkAdmin(ReadOnlyAdmin, AuditedReadAdmin):
    """The list says all there is: who has not read which entry yet."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("marked_at", "teaching", "entry_id")
    list_select_related = ("teaching__teacher", "teaching__student")
    list_display_links = None
    search_fields = ("=entry__id", "teaching__teacher__email")
    ordering = ("-marked_at", "-pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(TalkSeen)
class TalkSeenAdmin(ReadOnlyAdmin, AuditedReadAdmin):
    """The list says all there is: who has seen what was said under which entry."""

    list_per_page = 50
    show_full_result_count = False
    list_display = ("seen_at", "user", "entry_id")
    list_select_related = ("user",)
    list_display_links = None
    search_fields = ("=entry__id", "user__email")
    ordering = ("-seen_at", "-pk")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(EntryWords)
class EntryWordsAdmin(ContentAdmin):
    """Which entries the search knows; what they say stands on their own pages."""

    student_path = "entry__student_id"
    fields = ("entry",)
    list_display = ("entry_id",)
    list_display_links = None
    search_fields = ("=entry__id",)
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).only("entry_id")

    def get_object(self, *args: Any, **kwargs: Any) -> None:
        return None


@admin.register(SavedFilter)
class SavedFilterAdmin(ContentAdmin):
    """What somebody calls what they look for: words about a student, whoever keeps them."""

    list_display = ("created_at", "user", "student", "name")
    list_select_related = ("user", "student")
    search_fields = ("=id", "student__name", "user__email")
    ordering = ("-created_at", "-pk")
    fields = ("user", "student", "name", "query", "created_at")


@admin.register(FocusArea)
class FocusAreaAdmin(ModelAdmin):
    """Everybody's. What a student calls their own is the diary's, which opens with a case alone."""

    fields = ("slug", "position")
    list_display = ("slug", "__str__", "position")
    list_editable = ("position",)
    search_fields = ("slug",)
    ordering = ("position", "slug")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).filter(student__isnull=True)

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Each number of the list has a name: the heading of its column alone is none for its field."""
        widget = widgets.AdminIntegerFieldWidget(attrs={"aria-label": _("position")})
        return super().get_changelist_form(request, widgets={"position": widget}, **kwargs)

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

    def audited(self, obj: Any) -> Model:
        """The audit row names the entry: a version has no key of its own, and its line may be gone."""
        columns = vars(obj)
        names = ("entry_id", "practiceentry_id", "pgh_obj_id")
        return PracticeEntry.objects.get(pk=next(columns[name] for name in names if name in columns))

    @admin.display(description=_("by"))
    def changed_by(self, obj: Any) -> str:
        """Whose request made this version; a comment's version has an ``author`` of its own."""
        return str(obj.pgh_context.metadata.get("user", "")) if obj.pgh_context else ""


class LineRevisionAdmin(RevisionAdmin):
    """Of what hangs on an entry."""

    student_path = "entry__student_id"


class FocusAreaRevisionAdmin(RevisionAdmin):
    """Which area came to which entry, and went."""

    student_path = "practiceentry__student_id"
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
admin.site.register(apps.get_model("practice", "PracticeEntryRevision"), RevisionAdmin)
for name in ("PracticeItemRevision", "EntryCommentRevision"):
    admin.site.register(apps.get_model("practice", name), LineRevisionAdmin)
