"""What a browser keeps so that the tools work without a network: files that are the same for everybody."""

from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import urlencode

MODULES = (
    "accents",
    "arrive",
    "audio",
    "awake",
    "beats",
    "clock",
    "drone",
    "fields",
    "main",
    "metronome",
    "pitch",
    "presets",
    "reference",
    "scale",
    "scheduler",
    "store",
    "ticker",
    "timer",
    "tuner",
)
FILES = (
    "css/base.css",
    "css/components.css",
    "css/tokens.css",
    "css/tools.css",
    "img/favicon-32.png",
    "img/favicon.svg",
    "img/icons.svg",
    "js/core/page.js",
    "manifest.webmanifest",
    "vendor/bootstrap/css/bootstrap-reboot.min.css",
    "vendor/figtree/figtree-latin-ext-wght-normal.woff2",
    "vendor/figtree/figtree-latin-wght-normal.woff2",
    "vendor/pitchy/pitchy.js",
    *(f"js/tools/{name}.js" for name in MODULES),
)


def kept_files() -> list[str]:
    return [static(name) for name in FILES]


def kept_page(language: str) -> str:
    """The page for when there is no network."""
    return f"{reverse('tools:offline')}?{urlencode({'language': language})}"
