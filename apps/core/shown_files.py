"""Pictures of the storage for whoever may see them at this moment; called behind the door of their row."""

from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import condition

from .pictures import KEPT_TYPE

# The browser may keep it and must ask each time, so that whoever uses it next, and may not see it, does not.
CACHED = "private, no-cache"


def picture_answer(request: HttpRequest, path: str, *, key: UUID, called: str = "") -> HttpResponse:
    """The file, or that the browser's own is still right: what is behind a key never changes.

    ``called``: under which name a browser saves it, if that is said. Raises Http404.
    """
    response = _file(request, path, key, called)
    # Also where the browser's own is still right: what is said there holds for what it keeps.
    response.headers["Cache-Control"] = CACHED
    return response


def _etag(request: HttpRequest, path: str, key: UUID, called: str) -> str:
    return f'"{key}"'


@condition(etag_func=_etag)
def _file(request: HttpRequest, path: str, key: UUID, called: str) -> HttpResponse:
    data = stored_picture(path)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type=KEPT_TYPE)
    if called and (header := content_disposition_header(False, called)):
        response.headers["Content-Disposition"] = header
    return response


def stored_picture(path: str) -> bytes | None:
    """The file; None if the storage has none of that name."""
    try:
        with default_storage.open(path) as file:
            data: bytes = file.read()
    except FileNotFoundError:
        return None
    return data
