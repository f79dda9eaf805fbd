"""Threads under an entry (ADR 0004: one comment model for teacher, guardian and student)."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel
from apps.private_teaching.models import Teaching

from .entries import PracticeEntry

LONGEST_BODY = 2000


class AuthorRole(models.TextChoices):
    """What the author was to the student when writing; it stays when the relationship ends."""

    STUDENT = "student", _("student")
    GUARDIAN = "guardian", _("guardian")
    TEACHER = "teacher", _("teacher")
    GUEST = "guest", _("guest")


class CommentKind(models.TextChoices):
    COMMENT = "comment", _("comment")
    AMENDMENT = "amendment", _("correction")


class EntryCommentQuerySet(models.QuerySet["EntryComment"]):
    def kept(self) -> "EntryCommentQuerySet":
        return self.filter(deleted_at__isnull=True)


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), model_name="EntryCommentRevision", append_only=True
)
class EntryComment(UUIDModel):
    """One message. ``thread`` is the teaching it is held with; without one, all who see the entry read it.

    A teacher never reads another teacher's thread; the family reads all of them.
    """

    entry = models.ForeignKey(
        PracticeEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="comments"
    )
    thread = models.ForeignKey(
        Teaching,
        verbose_name=_("thread"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    author_role = models.CharField(_("as"), max_length=10, choices=AuthorRole.choices)
    kind = models.CharField(
        _("kind"), max_length=10, choices=CommentKind.choices, default=CommentKind.COMMENT
    )
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    created_at = models.DateTimeField(_("written at"))
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)

    objects = EntryCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="comment_has_a_body"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), LONGEST_BODY), name="comment_body_length"
            ),
        ]
        indexes = [models.Index(fields=["entry", "created_at"], name="comment_thread")]

    def __str__(self) -> str:
        return f"{self.get_author_role_display()}, {self.created_at:%Y-%m-%d}"
