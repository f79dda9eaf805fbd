"""Sentences to keep at hand."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.http import UserRequest, in_time, slow_down, writes_too_often
from apps.accounts.prepared import Door
from apps.desk import services
from apps.desk.forms import SnippetForm
from apps.desk.models import MOST_SNIPPETS, Snippet
from apps.desk.queries import snippets_of

snippet_or_404 = Door(lambda reader: Snippet.objects.all())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snippets(request: UserRequest) -> HttpResponse:
    """One's own, and room for one more."""
    form = SnippetForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and in_time(request, form):
        try:
            services.add_snippet(
                key=form.saved_key, by=request.user, body=form.cleaned_data["body"], now=timezone.now()
            )
        except services.TooManySnippets:
            text = _("You have %(most)d already. Delete one first.")
            form.add_error(None, text % {"most": MOST_SNIPPETS})
        else:
            messages.success(request, _("Saved."))
            return redirect("desk:snippets")
    return render(request, "desk/snippets.html", {"form": form, "snippets": snippets_of(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def snippet_edit(request: UserRequest, snippet: UUID) -> HttpResponse:
    found = snippet_or_404(request.user, snippet, "change")
    if request.method == "POST" and "remove" in request.POST:
        if writes_too_often(request):
            return slow_down(request)
        found.delete()
        messages.success(request, _("Deleted."))
        return redirect("desk:snippets")
    form = SnippetForm(request.POST if request.method == "POST" else None, initial={"body": found.body})
    if form.is_valid() and in_time(request, form):
        services.change_snippet(snippet=found, body=form.cleaned_data["body"])
        messages.success(request, _("Saved."))
        return redirect("desk:snippets")
    return render(request, "desk/snippet_edit.html", {"form": form, "snippet": found})
