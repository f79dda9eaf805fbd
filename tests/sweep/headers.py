"""What every answer must carry, whatever its status."""

from http.cookies import SimpleCookie
from typing import Any

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Pages whose address is a secret tell the host at most; "no-referrer" would break their own forms.
REFERRER_POLICIES = ("same-origin", "strict-origin")
POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


def directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: sources for name, _, sources in parts if name}


def faults(response: Any, *, signed_in: bool) -> list[str]:
    """What is missing or weak in the headers and cookies of this answer."""
    headers = response.headers
    found = [f"{name}: {headers.get(name)}" for name, value in FIXED.items() if headers.get(name) != value]
    if headers.get("Referrer-Policy") not in REFERRER_POLICIES:
        found.append(f"Referrer-Policy: {headers.get('Referrer-Policy')}")
    policy = headers.get("Content-Security-Policy", "")
    said = directives(policy)
    found += [f"CSP {name}: {said.get(name)}" for name, value in POLICY.items() if said.get(name) != value]
    found += [f"CSP {weak}" for weak in ("unsafe-", "*", "http:", "https:") if weak in policy]
    for power in ("camera=()", "geolocation=()", "payment=()"):
        if power not in headers.get("Permissions-Policy", ""):
            found.append(f"Permissions-Policy without {power}")
    kind = headers.get("Content-Type", "")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower().replace('"', ""):
        found.append(f"Content-Type: {kind}")
    if signed_in and "no-store" not in headers.get("Cache-Control", "") and not is_photo(response):
        found.append(f"Cache-Control: {headers.get('Cache-Control')}")
    return found + cookie_faults(response.cookies)


# Addresses of files.
FILES = ("accounts:avatar-show", "evidence:picture-show", "scores:page-show")


def is_photo(response: Any) -> bool:
    """Whose answer may stay in the reader's own browser, which asks for it each time."""
    match = response.wsgi_request.resolver_match
    is_shown = match is not None and match.view_name in FILES
    return is_shown and response.headers.get("Cache-Control") == "private, no-cache"


def cookie_faults(cookies: SimpleCookie) -> list[str]:
    """Deleted ones aside, cookies are SameSite; those of session and form are out of scripts' reach."""
    found = []
    for name, cookie in cookies.items():
        if cookie["max-age"] == 0:
            continue
        if cookie["samesite"] not in ("Lax", "Strict"):
            found.append(f"cookie {name} without SameSite")
        if name in ("sessionid", "csrftoken", "messages") and not cookie["httponly"]:
            found.append(f"cookie {name} open to scripts")
    return found
