"""The child's side of the door: who are you, your pictures or your number, and the way out."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.http import in_time, secret_link, slow_down, writes_too_often
from apps.accounts.models import User
from apps.children import queries, services, sessions
from apps.children.door_forms import LeaveForm, NameForm, PicturesForm, PinForm
from apps.children.models import SecretKind, TrustedDevice
from apps.children.pictures import LENGTH, PICTURES
from apps.children.usernames import clean_username


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Who are you? On a strange device every name gets the same answer, for none is looked up."""
    here = list(queries.with_secret(queries.children_here(sessions.device_token(request))))
    form = NameForm(request.POST or None)
    is_asked = form.is_valid() and in_time(request, form)
    if is_asked:
        wanted = clean_username(form.cleaned_data["username"])
        for device in here:
            if device.student.child_login.username == wanted:
                return redirect("children:secret-enter", device.pk)
    return render(request, "children/sign_in.html", {"form": form, "here": here, "is_strange": is_asked})


def child_here(request: HttpRequest, device: UUID) -> TrustedDevice:
    """The row of a child who may come in on this very device, or no such page."""
    devices = queries.with_secret(queries.children_here(sessions.device_token(request)))
    found = devices.filter(pk=device).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def secret_enter(request: HttpRequest, device: UUID) -> HttpResponse:
    """Four pictures, one after the other, or six digits."""
    row = child_here(request, device)
    has_pictures = row.student.child_login.kind == SecretKind.PICTURES
    form = (PicturesForm if has_pictures else PinForm)(request.POST or None)
    codes = form.codes if isinstance(form, PicturesForm) and form.is_valid() else []
    is_whole = form.is_valid() and (not has_pictures or len(codes) == LENGTH)
    if is_whole:
        if in_time(request, form) and (answer := try_secret(request, row, form)):
            return answer
        codes = []
    context = {
        "device": row,
        "form": form,
        "pictures": PICTURES,
        "picks": "-".join(codes),
        "step": len(codes) + 1,
        "steps": LENGTH,
    }
    page = "children/pictures_enter.html" if has_pictures else "children/pin_enter.html"
    return render(request, page, context)


def try_secret(
    request: HttpRequest, device: TrustedDevice, form: PicturesForm | PinForm
) -> HttpResponse | None:
    """The child's first page; or nothing, and the form says why."""
    try:
        user = services.enter_with_secret(device=device, value=form.value, now=timezone.now())
    except services.WrongSecret:
        form.add_error(None, _("That was not it. Try once more, or ask a grown-up."))
    except services.MustWait as error:
        form.add_error(None, wait_words(error.seconds))
    except services.DeviceIsLocked:
        form.add_error(None, _("There were too many wrong tries. A grown-up has to let you in again."))
    except services.DeviceIsNotTrusted:
        raise Http404 from None
    else:
        sessions.begin_on_device(request, user, device)
        return redirect("home:student")
    return None


def wait_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Too many wrong tries. Wait %(count)d minute, then try again.",
        "Too many wrong tries. Wait %(count)d minutes, then try again.",
        minutes,
    ) % {"count": minutes}


@secret_link
@require_http_methods(["GET", "HEAD", "POST"])
def card_enter(request: HttpRequest, token: str) -> HttpResponse:
    """A scanned card. Looking consumes nothing; a strange device learns nothing, whatever the card."""
    device = queries.by_card(queries.children_here(sessions.device_token(request)), token)
    if device is not None and request.method == "POST":
        if writes_too_often(request):
            return slow_down(request)
        try:
            user = services.enter_with_card(device=device, token=token, now=timezone.now())
        except (services.WrongSecret, services.DeviceIsNotTrusted, services.DeviceIsLocked):
            device = None
        else:
            sessions.begin_on_device(request, user, device)
            return redirect("home:student")
    return render(request, "children/card_enter.html", {"device": device})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """The way out: of one's own sign-in with a button, of a device that was handed over with the guardian."""
    if sessions.child_of(request) is None:
        return redirect("home:index")
    guardian_key = sessions.handed_over_by(request)
    guardian = User.objects.filter(pk=guardian_key, is_active=True).first() if guardian_key else None
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and ("sign_out" in request.POST or guardian_key is None):
        logout(request)
        return redirect("account_login" if guardian_key else "children:sign-in")
    if guardian and form.is_valid() and in_time(request, form) and is_password(form, guardian):
        return back_to(request, guardian)
    return render(request, "children/leave.html", {"form": form, "guardian": guardian})


def is_password(form: LeaveForm, guardian: User) -> bool:
    """Whether it is the guardian's; allauth counts wrong ones."""
    try:
        if get_adapter().reauthenticate(guardian, form.cleaned_data["password"]):
            return True
    except ValidationError as error:
        form.add_error("password", error)
        return False
    form.add_error("password", _("This is not the password of the grown-up who handed over the device."))
    return False


def back_to(request: HttpRequest, guardian: User) -> HttpResponse:
    """The guardian is signed in again, with their second factor if they have one."""
    logout(request)
    answer: HttpResponse = perform_login(request, guardian, redirect_url=reverse("home:index"))
    return answer
