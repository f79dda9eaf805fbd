"""How the house is built, held by tests: layers, sizes, and what is banned with its reason."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps as installed
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core import access

ROOT = Path(__file__).resolve().parent.parent
CODE = sorted(path for part in ("apps", "config") for path in (ROOT / part).rglob("*.py"))
OWN_CODE = [path for path in CODE if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html" and "emails" not in path.parts]

# Low to high; news travels up by signals, never by import or reverse accessor.
LAYERS = [
    ["core"],
    ["accounts"],
    ["notifications"],
    ["safeguarding"],
    ["consent"],
    ["children"],
    ["private_teaching"],
    ["privacy"],
    ["repertoire"],
    ["gear"],
    ["practice"],
    ["lessons"],
    ["ensembles", "evidence", "scores", "recordings", "assignments", "planning", "transfer"],
    ["goals"],
    ["reminders"],
    ["analytics"],
    ["desk"],
    ["api", "parent_portal", "tools", "home"],
]
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def own_models() -> list[type[Model]]:
    """Without proxies, which have no rows of their own."""
    return [
        model
        for config in installed.get_app_configs()
        if config.name.startswith("apps.")
        for model in config.get_models(include_auto_created=False)
        if not model._meta.proxy
    ]


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of an expression made of names and attributes."""
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield node


# Sizes


def test_modules_are_short() -> None:
    """A longer one says why in its first lines, with the word "long"."""
    long = {
        named(path): len(lines)
        for path in [*OWN_CODE, *TESTS]
        if len(lines := path.read_text().splitlines()) > 400 and "long" not in " ".join(lines[:12])
    }
    assert long == {}


def test_views_are_short() -> None:
    views = [path for path in OWN_CODE if path.name == "views.py" or path.parent.name == "views"]
    assert views
    long = {f"{named(p)}:{f.name}": length(f) for p in views for f in functions(p) if length(f) > 40}
    assert long == {}


def test_functions_are_short() -> None:
    """At most one in a hundred is longer than fifty lines."""
    found = {f"{named(path)}:{f.name}": length(f) for path in OWN_CODE for f in functions(path)}
    assert len([name for name, lines in found.items() if lines > 50]) <= len(found) // 100


def test_templates_are_short() -> None:
    assert {named(p): n for p in TEMPLATES if (n := len(p.read_text().splitlines())) > 150} == {}


# Directions


def test_imports_go_down() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_imports_inside_functions_state_their_reason() -> None:
    found = []
    for path in OWN_CODE:
        lines = path.read_text().splitlines()
        for function in functions(path):
            for node in ast.walk(function):
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    continue
                around = " ".join(lines[node.lineno - 2 : node.end_lineno])
                if not re.search(r"#\s*(?!noqa: \w+\s*$)\S", around, re.MULTILINE):
                    found.append(f"{named(path)}:{node.lineno}")
    assert found == []


def test_no_lower_app_uses_a_reverse_accessor_of_an_upper_one() -> None:
    """``student.teachings`` in accounts would be an import upwards that no linter sees."""
    found = []
    for model in own_models():
        height = HEIGHT[model._meta.app_label]
        names = [name for name in HEIGHT if HEIGHT[name] <= height]
        lower = [path for name in names for path in (ROOT / "apps" / name).rglob("*.py")]
        for relation in model._meta.related_objects:
            accessor = relation.get_accessor_name()
            upper = relation.related_model._meta.app_label
            if accessor is None or HEIGHT.get(upper, -1) <= height:
                continue
            pattern = re.compile(rf"\.{accessor}\b(?!\s*=)|[\"']{accessor}(__|[\"'])")
            found += [f"{named(p)}: {accessor}" for p in lower if pattern.search(p.read_text())]
    assert found == []


def test_no_foreign_key_points_up() -> None:
    """The account alone is named by a setting, so that core may point at it."""
    found = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if field.concrete
        and field.related_model not in (None, get_user_model())
        and HEIGHT.get(field.related_model._meta.app_label, -1) > HEIGHT[model._meta.app_label]
    ]
    assert found == []


# What is banned, with the door that is there instead


def test_work_leaves_through_the_jobs_door_and_mail_through_the_outbox() -> None:
    allowed = (ROOT / "apps/core/jobs.py", ROOT / "apps/notifications")
    banned = re.compile(
        r"\b(delay|apply_async|send_task|send_mail|send_mass_mail|mail_admins|EmailMessage|EmailMultiAlternatives)$"
    )
    found = [
        f"{named(path)}:{call.lineno}"
        for path in OWN_CODE
        if not any(path.is_relative_to(door) for door in allowed)
        for call in calls(path)
        if banned.search(dotted(call.func))
    ]
    assert found == []


def test_every_clock_has_a_zone() -> None:
    """Today is the student's day (``Student.today``); an instant is ``timezone.now()``."""
    naive = re.compile(r"(^|\.)(date\.today|datetime\.today|datetime\.utcnow|datetime\.utcfromtimestamp)$")
    found = [
        f"{named(path)}:{call.lineno}"
        for path in OWN_CODE
        for call in calls(path)
        if naive.search(dotted(call.func))
        or (re.search(r"(^|\.)datetime\.now$", dotted(call.func)) and not call.args and not call.keywords)
    ]
    assert found == []


def test_news_is_a_domain_signal() -> None:
    """A receiver of a save hook runs in the middle of somebody else's transaction."""
    hooks = re.compile(r"\b(post_save|pre_save|post_delete|m2m_changed)\b")
    assert [named(path) for path in OWN_CODE if hooks.search(path.read_text())] == []


def test_a_task_calls_one_service() -> None:
    found = []
    for path in OWN_CODE:
        for function in functions(path):
            if not any("task" in ast.unparse(mark) for mark in function.decorator_list):
                continue
            body = [s for s in function.body if not isinstance(getattr(s, "value", None), ast.Constant)]
            if len(body) != 1 or not isinstance(getattr(body[0], "value", None), ast.Call):
                found.append(f"{named(path)}:{function.name}")
    assert found == []


def test_rank_opens_no_product_page() -> None:
    """Roles come from rows; only the staff's site and the context of its link ask for the flag."""
    flags = re.compile(r"\.is_superuser\b")
    found = [named(path) for path in OWN_CODE if "admin" not in path.name and flags.search(path.read_text())]
    assert found == []


# Templates


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style attribute", r"<[^>]*\sstyle\s*="),
        ("style element", r"<style\b"),
        ("inline script", r"<script\b(?![^>]*\bsrc=)"),
        ("event handler", r"<[^>]*\son[a-z]+\s*="),
        ("script address", r"javascript:"),
        ("foreign address", r"(?:src|href)=[\"'](?:https?:)?//"),
        ("unescaped value", r"\|\s*safe\b|\{%\s*autoescape\s+off"),
    ],
)
def test_pages_keep_the_content_security_policy(what: str, pattern: str) -> None:
    found = [named(path) for path in PAGES if re.search(pattern, path.read_text(), re.IGNORECASE)]
    assert found == [], what


def test_every_partial_says_what_it_needs() -> None:
    partials = [p for p in PAGES if p.name.startswith("_") or p.parent.name == "components"]
    silent = [named(p) for p in partials if not re.match(r"\s*(\{#|\{% comment)", p.read_text())]
    assert silent == []


# Models, rules, addresses


def test_every_model_is_named_for_people() -> None:
    events = [model for model in own_models() if hasattr(model, "pgh_tracked_model")]
    silent = [
        model.__name__
        for model in own_models()
        if model not in events and "verbose_name" not in model._meta.original_attrs
    ]
    assert silent == []


def test_every_model_is_in_the_admin() -> None:
    """By a page of its own, or as rows of the page that it belongs to."""
    inlines = {inline.model for shown in admin.site._registry.values() for inline in shown.inlines}
    shown = inlines | set(admin.site._registry)
    missing = [model.__name__ for model in own_models() if model not in shown]
    assert missing == []


def test_every_rule_stands_in_a_matrix() -> None:
    """The matrices live in tests/*/test_permissions.py and name each action of each model."""
    missing = []
    for model, action in access.registered_rules():
        files = (ROOT / "tests").glob("*/test_permissions*.py")
        text = "".join(path.read_text() for path in files)
        if f'"{action}"' not in text or model.__name__ not in text:
            missing.append(f"{model.__name__}: {action}")
    assert missing == []


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for found in resolver.url_patterns:
        if isinstance(found, URLResolver):
            yield from routes(found, f"{prefix}{found.pattern}")
        else:
            yield f"{prefix}{found.pattern}", found


def own_routes() -> list[tuple[str, URLPattern]]:
    """Ours, without the admin's, and without the one that keeps Django's name and address."""
    return [
        (path, route)
        for path, route in routes(get_resolver())
        if route.callback.__module__.startswith("apps.") and not path.startswith(("staff/", "i18n/"))
    ]


def test_addresses_carry_uuids_never_sequence_numbers() -> None:
    own = own_routes()
    assert own
    wrong = [
        path
        for path, route in own
        for name, converter in route.pattern.converters.items()
        # A place to sign in with is named by the installation.
        if type(converter).__name__ != "UUIDConverter" and name not in ("token", "provider")
    ]
    assert wrong == []


def test_every_own_address_has_a_name_of_noun_and_verb() -> None:
    assert [
        path for path, route in own_routes() if not re.fullmatch(r"[a-z]+(-[a-z]+)*", route.name or "")
    ] == []


def test_every_icon_of_the_sprite_is_drawn_somewhere() -> None:
    drawn = "".join(path.read_text() for path in (*TEMPLATES, *(ROOT / "apps").rglob("*.py")))
    icons = re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text())
    assert len(icons) > 20
    assert [name for name in icons if not re.search(f"[\"']{name}[\"']", drawn)] == []
