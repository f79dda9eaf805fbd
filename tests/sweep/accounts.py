"""What of one's own account the sweep walks through."""

from pathlib import PurePosixPath

from allauth.socialaccount.models import SocialAccount

from tests.conftest import Cast
from tests.factories.photos import make_avatar
from tests.factories.sessions import make_session


def sessions_of(cast: Cast) -> dict[str, str]:
    """A further session of Mia's guardian, and one of Noah's; which browser it is nobody else may read."""

    def make(who: str) -> str:
        owner, word = cast.user(who), f"Qz{who.replace('_', '')}browser"
        cast.canaries.plant(
            f"browser of {who}", word, lambda user, path: user == owner or path.startswith("/staff/")
        )
        return str(make_session(owner, browser=f"Firefox {word}").pk)

    return {"own": make("guardian"), "foreign": make("other_guardian")}


def photos_of(cast: Cast) -> dict[str, dict[str, str]]:
    """Of Mia's guardian, of Noah's teacher, and of one who has none; a picture of somebody else's is none."""
    found = {"absent": {"person": str(cast.user("stranger").pk), "picture": str(cast.student.pk)}}
    for name, who in (("near", "guardian"), ("foreign", "other_teacher")):
        # The second one, so that there is one that goes.
        user = make_avatar(make_avatar(cast.user(who)))
        found[name] = {"person": str(user.pk), "picture": PurePosixPath(user.avatar_small).stem}
    return found | {"mixed": found["near"] | {"picture": found["foreign"]["picture"]}}


def people_of(photos: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The same people, without the picture."""
    return {name: {"person": photos[name]["person"]} for name in ("absent", "near", "foreign")}


def places_of(cast: Cast) -> dict[str, dict[str, str]]:
    """One that is offered, with which Mia's guardian signs in; one that is not, with which Noah's did."""

    def connect(who: str, place: str) -> None:
        owner, word = cast.user(who), f"Qz{who.replace('_', '')}number"
        SocialAccount.objects.create(user=owner, provider=place, uid=word)
        cast.canaries.plant(f"number of {who}", word, lambda user, path: user == owner)

    connect("guardian", "school")
    connect("other_guardian", "studio")
    # Of one length: the answers of those that are not there are compared with their headers.
    return {name: {"provider": name} for name in ("absent", "school", "studio")}
