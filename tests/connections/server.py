"""A server that knows people by OpenID Connect: real HTTP, real keys; it answers as it is told.

Only what is asked of it is there: a description, the page on which one signs in, the exchange of a code,
and its keys. ``test_server`` holds it to the standard.
"""

import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "woodshed", "what-the-school-gave"
Fields = dict[str, str]
# JSON, and more figures than Python makes a number of.
LONG_NUMBER = b'{"access_token": ' + b"9" * 5_000 + b"}"


@cache
def private_key(name: str) -> RSAPrivateKey:
    """Made once: they are slow to make."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_keys(*names: str) -> dict[str, Any]:
    keys = [
        jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True)
        | {"kid": name, "use": "sig", "alg": "RS256"}
        for name in names
    ]
    return {"keys": keys}


class IdentityServer:
    """``subject`` is who sits before the browser; the rest is how it misbehaves."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.homes: set[str] = set()
        self.subject = "person-1"
        # Over the claims of a token, over the description; a status or a whole answer by path; seconds.
        self.claims: dict[str, Any] = {}
        self.description: dict[str, Any] = {}
        self.status: dict[str, int] = {}
        self.bodies: dict[str, bytes] = {}
        self.delay = 0.0
        # Since when somebody is signed in there; one that goes on alone lets them pass whatever is asked.
        self.signed_in_at: int | None = None
        self.ignores_prompt = False
        self.redirects: dict[str, str] = {}
        self.publishes = ["school"]
        self.signs_with = "school"
        self.algorithm = "RS256"
        self.codes: dict[str, Fields] = {}
        self.asked: list[str] = []

    # What a person does there

    def approve(self, address: str) -> str:
        """Sign in on the page that this address shows; where the browser is sent then."""
        return self._press(address, "yes")

    def cancel(self, address: str) -> str:
        return self._press(address, "no")

    def look(self, address: str) -> str | None:
        """Open the page; where the browser is sent at once, None if somebody must sign in first."""
        return self._get(address)

    def _press(self, address: str, button: str) -> str:
        found = self._get(address, f"/{button}")
        assert found is not None
        return found

    def _get(self, address: str, more: str = "") -> str | None:
        parts = urlsplit(address)
        line = HTTPConnection(str(parts.hostname), parts.port, timeout=5)
        try:
            line.request("GET", f"{parts.path}{more}?{parts.query}")
            answer = line.getresponse()
            assert answer.status in (200, 302), answer.read()
            return answer.getheader("Location")
        finally:
            line.close()

    # What it answers

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time"],
        } | self.description

    def wrong_request(self, asked: Fields) -> str:
        """Why nobody may sign in for whoever asks so; empty if they may."""
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.homes:
            return "unknown client"
        if asked.get("response_type") != "code" or "openid" not in asked.get("scope", "").split():
            return "no OpenID Connect"
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return "no proof of the asker"
        return ""

    def goes_on_alone(self, asked: Fields) -> bool:
        """Whoever is signed in there is not asked again, unless the other side wants them to be."""
        wants_proof = asked.get("prompt") == "login" or asked.get("max_age") == "0"
        return self.signed_in_at is not None and (self.ignores_prompt or not wants_proof)

    def sign_in(self) -> None:
        self.signed_in_at = int(time.time())

    def signed_in(self, asked: Fields) -> Fields:
        code = token_urlsafe(16)
        self.codes[code] = asked | {"subject": self.subject, "auth_time": str(self.signed_in_at)}
        return {"code": code, "state": asked["state"]}

    def exchange(self, sent: Fields) -> dict[str, Any] | None:
        """A code is good once, for whoever asked for it and knows both secrets."""
        asked = self.codes.pop(sent.get("code", ""), None)
        if asked is None or sent.get("grant_type") != "authorization_code":
            return None
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = (sent.get("client_id"), sent.get("client_secret"), sent.get("redirect_uri"), proof)
        if known != (CLIENT, SECRET, asked["redirect_uri"], asked["code_challenge"]):
            return None
        return {"access_token": token_urlsafe(8), "token_type": "Bearer", "id_token": self.token(asked)}

    def token(self, asked: Fields) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": asked["subject"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            "auth_time": int(asked["auth_time"]),
            # More than anybody asked for, as such servers do.
            "name": "Qzname Elsewhere",
            "email": "qzelsewhere@people.example",
            "email_verified": True,
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            return jwt.encode(kept, "", algorithm="none", headers={"kid": "school"})
        key = SECRET * 2 if self.algorithm == "HS256" else private_key(self.signs_with)
        # A stranger signs in the school's name.
        kid = self.signs_with if self.signs_with in self.publishes else "school"
        return jwt.encode(kept, key, algorithm=self.algorithm, headers={"kid": kid})


class Handler(BaseHTTPRequestHandler):
    identity: IdentityServer

    def log_message(self, *args: object) -> None:
        """The test run is no log."""

    def do_GET(self) -> None:
        path, asked = self._begin()
        if path in self.identity.redirects:
            self._send(302, b"", location=self.identity.redirects[path])
        elif path == "/.well-known/openid-configuration":
            self._json(path, self.identity.describe())
        elif path == "/keys":
            self._json(path, public_keys(*self.identity.publishes))
        elif path.startswith("/authorize"):
            self._authorize(path, asked)
        else:
            self._send(404, b"")

    def do_POST(self) -> None:
        path, _ = self._begin()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        if path in self.identity.redirects:
            self._send(307, b"", location=self.identity.redirects[path])
        elif path != "/token":
            self._send(404, b"")
        elif (answer := self.identity.exchange(sent)) is None:
            self._send(400, b'{"error": "invalid_grant"}', kind="application/json")
        else:
            self._json(path, answer)

    def _begin(self) -> tuple[str, Fields]:
        parts = urlsplit(self.path)
        self.identity.asked.append(f"{self.command} {parts.path}")
        time.sleep(self.identity.delay)
        return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

    def _authorize(self, path: str, asked: Fields) -> None:
        if wrong := self.identity.wrong_request(asked):
            self._send(400, wrong.encode())
        elif path == "/authorize" and self.identity.goes_on_alone(asked):
            self._back(asked, self.identity.signed_in(asked))
        elif path == "/authorize":
            query = urlsplit(self.path).query.replace("&", "&amp;")
            links = "".join(
                f'<p><a href="/authorize/{way}?{query}">{words}</a></p>'
                for way, words in (("yes", "Go on as Anna"), ("no", "Cancel"))
            )
            page = f"<!doctype html><html lang=en><title>School</title><h1>School</h1>{links}</html>"
            self._send(200, page.encode(), kind="text/html; charset=utf-8")
        else:
            said = {"error": "access_denied", "state": asked["state"]}
            if path == "/authorize/yes":
                self.identity.sign_in()
                said = self.identity.signed_in(asked)
            self._back(asked, said)

    def _back(self, asked: Fields, said: Fields) -> None:
        self._send(302, b"", location=f"{asked['redirect_uri']}?{urlencode(said)}")

    def _json(self, path: str, value: object) -> None:
        body = self.identity.bodies.get(path, json.dumps(value).encode())
        self._send(self.identity.status.get(path, 200), body, kind="application/json")

    def _send(self, status: int, body: bytes, *, kind: str = "text/plain", location: str = "") -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            """Whoever asked did not want to wait."""


@contextmanager
def running(certificate: Path | None = None) -> Iterator[IdentityServer]:
    """On a free port of this machine, until the block ends; with a certificate (and its key) by HTTPS."""
    handler = type("OwnHandler", (Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    identity = IdentityServer(server.server_port)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        identity.url = identity.url.replace("http:", "https:")
    setattr(handler, "identity", identity)  # noqa: B010 (a class made just now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def place(url: str, name: str = "School of Music", ident: str = "school") -> dict[str, Any]:
    """How the settings hold it."""
    return {
        "provider_id": ident,
        "name": name,
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": url},
    }


def providers(*places: dict[str, Any]) -> dict[str, Any]:
    """The value of SOCIALACCOUNT_PROVIDERS."""
    return {"openid_connect": {"APPS": list(places)}}


# Set where nobody goes there: nothing listens on this port, so who asks hears at once that it is away.
AWAY = providers(place("http://127.0.0.1:9"))
