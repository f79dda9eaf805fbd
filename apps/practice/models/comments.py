"""Threads under an entry (ADR 0004: one comment model for teacher, guardian and student)."""

from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from apps.core.models import UUIDModel
from apps.private_teaching.models import Teaching

from .entries import LONGEST_TITLE, PracticeEntry

LONGEST_BODY = 2000
# So long what somebody wrote may be put right; then others have read it.
CHANGED_WITHIN = timedelta(minutes=15)


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

    A teacher never reads another teacher's thread; the family reads all of them. ``about`` are the words of
    one line of the entry; a page says them only as long as the entry has that line (``line_in``). Who takes
    a comment back leaves a trace: that there was one, and what it said for the guardians.
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
    # A process of the version before writes comments without it.
    about = models.CharField(_("about"), max_length=LONGEST_TITLE, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("written at"))
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

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

    @property
    def version(self) -> str:
        """Another one after each change, for a form to say what it was drawn from."""
        return self.changed_at.isoformat() if self.changed_at else ""

    @property
    def changes_until(self) -> datetime:
        return self.created_at + CHANGED_WITHIN


class CommentThanks(UUIDModel):
    """Somebody is glad of a comment. It can be taken back at any time, and is counted nowhere."""

    comment = models.ForeignKey(
        EntryComment,
        verbose_name=_("comment"),
        on_delete=models.CASCADE,
        related_name="thanks",
        db_index=False,
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("thanks")
        verbose_name_plural = _("thanks")
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="thanks_once")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class TalkSeen(models.Model):
    """Until when somebody has seen what was said under an entry."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    entry = models.ForeignKey(
        PracticeEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="+"
    )
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("talk that was seen")
        verbose_name_plural = _("talks that were seen")
        constraints = [models.UniqueConstraint(fields=["user", "entry"], name="talk_seen_once")]

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d}"
