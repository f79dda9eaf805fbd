"""Accounts elsewhere by OpenID Connect: allauth's way there and back, stricter, and with less taken along.

allauth finds ``provider_classes`` by this module's name. Of a person we ask for nothing but their number
there: no name, no address, no key to their things (ADR 0022).
"""

import time
from secrets import token_urlsafe
from typing import Any

from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from .fetching import PlaceFailed, describe, fetch_keys, held_keys
from .id_tokens import ODD, NotProved, UnknownKey, subject_of
from .places import mark_of


class ConnectedClient(OAuth2Client):
    """allauth's; an address that has a query of its own keeps it."""

    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        query = super().get_redirect_url("", scope, extra_params).removeprefix("?")
        return f"{authorization_url}{'&' if '?' in authorization_url else '?'}{query}"


class ReadingLogin(SocialLogin):
    """allauth's, which looks a connection up by writing to it: one that is removed meanwhile would come back.

    Here it is only read. That it was used is written once somebody is in (``AccountAdapter.post_login``).
    """

    account: SocialAccount

    def lookup(self) -> None:
        self._did_authenticate_by_email = None
        known = SocialAccount.objects.filter(provider=self.account.provider, uid=self.account.uid)
        found = known.select_related("user").first()
        if found is not None:
            self.account, self.user = found, found.user


class ConnectedAdapter(OpenIDConnectOAuth2Adapter):
    """The talk with one place, for one request."""

    client_class = ConnectedClient
    # The word that must come back in the token, and when we asked; without both nobody is believed.
    nonce = ""
    asked_at = 0

    @property
    def openid_config(self) -> dict[str, Any]:
        """Raises PlaceFailed."""
        return describe(self.get_provider().app.settings["server_url"])

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(self.get_provider().get_callback_url())

    def get_access_token_data(self, request: HttpRequest, app: SocialApp, client: Any, **more: Any) -> Any:
        """allauth's; an answer in no known form is none. Raises PlaceFailed, or what requests raises."""
        try:
            found = super().get_access_token_data(request, app, client, **more)
        except (PlaceFailed, RequestException):
            raise
        except (OAuth2Error, *ODD) as error:
            # allauth's words hold the whole answer.
            raise PlaceFailed("token endpoint") from error
        if not isinstance(found, dict):
            raise PlaceFailed("token endpoint")
        return found

    def parse_token(self, data: Any) -> SocialToken:
        """The key to the person's things there is not ours to hold, not even for this request."""
        return SocialToken()

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Always by the signature, wherever the token came from. Raises PlaceFailed."""
        try:
            subject = self._subject(app, kwargs["response"].get("id_token"))
        except NotProved as error:
            raise PlaceFailed(f"id_token: {error}") from error
        issuer = app.settings["server_url"]
        return self.get_provider().sociallogin_from_response(request, {"mark": mark_of(issuer, subject)})

    def _subject(self, app: SocialApp, id_token: object) -> str:
        """With the keys that are held; with new ones if none of those fits. Raises NotProved."""
        address = self.openid_config["jwks_uri"]
        keys = held_keys(address)
        if keys is not None:
            try:
                return self._read(app, id_token, keys)
            except UnknownKey:
                """They may have been changed since."""
        return self._read(app, id_token, fetch_keys(address))

    def _read(self, app: SocialApp, id_token: object, keys: object) -> str:
        return subject_of(
            id_token,
            keys=keys,
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=self.nonce,
            signed_in_since=self.asked_at,
        )


class ConnectedProvider(OpenIDConnectProvider):
    """One place. Whatever it might tell about a person besides their number goes by unread."""

    oauth2_adapter_class = ConnectedAdapter
    pkce_enabled_default = True
    supports_token_authentication = False

    def get_default_scope(self) -> list[str]:
        return ["openid"]

    def get_callback_url(self) -> str:
        return reverse("accounts:connection-back", args=[self.sub_id])

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """allauth's, with a word that the token must hold; who sits there must prove themselves anew.

        On a family's tablet the place may still know whoever was there last. Raises PlaceFailed.
        """
        nonce = token_urlsafe(16)
        kept = {
            "nonce": nonce,
            "at": int(time.time()),
            "user": str(request.user.pk) if request.user.is_authenticated else None,
        }
        asked = {"nonce": nonce, "prompt": "login", "max_age": "0"}
        found: HttpResponse = super().redirect(
            request, process, next_url=next_url, data=kept, auth_params=asked
        )
        return found

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        """Of the mark alone, and of nobody yet: whose it is stands in our rows only."""
        return ReadingLogin(provider=self, account=SocialAccount(provider=self.sub_id, uid=response["mark"]))


class Callback(OAuth2CallbackView):
    """The way back. What was said when somebody left is in their session, and is taken out by coming back."""

    def _get_state(self, request: HttpRequest, provider: ConnectedProvider) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state["data"]["nonce"]
            self.adapter.asked_at = state["data"]["at"]
        return state, response


provider_classes = [ConnectedProvider]
