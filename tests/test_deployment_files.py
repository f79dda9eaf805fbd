"""The deployment files and the settings name the same variables; no engine is needed to hold that."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APP_ENVIRONMENT: dict[str, str] = COMPOSE["x-app"]["environment"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LAST_STAGE = DOCKERFILE.split("\nFROM ")[-1]
EXAMPLE = (ROOT / ".env.example").read_text()
# Read by the start commands and by compose itself, not by Django's settings.
FOR_COMMANDS = {"DJANGO_SETTINGS_MODULE", "WEB_WORKERS"}
FOR_COMPOSE = {"COMPOSE_PROFILES", "PORT", "POSTGRES_PASSWORD"}
ONE_SHOT = {"migrate", "bucket"}
SECRETS = re.compile(r"SECRET|PASSWORD|KEY")


def variables_read(*files: str) -> dict[str, bool]:
    """Names that settings files read, and whether they refuse to load without one."""
    names: dict[str, bool] = {}
    for file in files:
        for node in ast.walk(ast.parse((ROOT / "config" / "settings" / file).read_text())):
            if isinstance(node, ast.Call) and _is_env(node.func) and isinstance(node.args[0], ast.Constant):
                required = (
                    not any(keyword.arg == "default" for keyword in node.keywords) and len(node.args) == 1
                )
                names[str(node.args[0].value)] = required or names.get(str(node.args[0].value), False)
    return names


def _is_env(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id == "env"
    return isinstance(function, ast.Name) and function.id == "env"


def example_names(*, with_comments: bool) -> set[str]:
    pattern = r"^(?:# )?([A-Z][A-Z0-9_]+)=" if with_comments else r"^([A-Z][A-Z0-9_]+)="
    return set(re.findall(pattern, EXAMPLE, re.MULTILINE))


PRODUCTION = variables_read("base.py", "production.py")


def test_settings_were_understood() -> None:
    assert PRODUCTION["SECRET_KEY"] is True
    assert PRODUCTION["LOG_LEVEL"] is False


def test_compose_gives_the_app_what_production_reads_and_no_more() -> None:
    assert set(APP_ENVIRONMENT) == set(PRODUCTION) | FOR_COMMANDS


def test_example_names_every_variable_and_no_other() -> None:
    assert example_names(with_comments=True) == set(PRODUCTION) | FOR_COMMANDS | FOR_COMPOSE


def test_example_sets_every_variable_that_compose_takes_from_it() -> None:
    taken = set(re.findall(r"\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert taken <= example_names(with_comments=False)


def test_what_production_needs_is_needed_by_compose() -> None:
    optional = {name for name, value in APP_ENVIRONMENT.items() if ":-" in value}
    needed = {name for name, required in PRODUCTION.items() if required}
    assert not optional & needed


def test_image_collects_files_with_every_value_that_production_needs() -> None:
    # The names of the bucket matter only where a bucket is named.
    needed = {name for name, required in PRODUCTION.items() if required and not name.startswith("S3_")}
    command = DOCKERFILE[: DOCKERFILE.index("collectstatic")]
    assert needed <= set(re.findall(r"\b([A-Z0-9_]+)=", command))


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_says_whether_it_is_well(name: str) -> None:
    check = SERVICES[name].get("healthcheck", {})
    if name in ONE_SHOT:
        assert check == {"disable": True}
    else:
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout"} <= set(check)


def test_services_are_complete() -> None:
    assert set(SERVICES) == {"web", "worker", "beat", "database", "broker", "files", "mail"} | ONE_SHOT


def test_services_wait_for_what_they_need() -> None:
    for name in ("web", "worker", "beat"):
        waits = {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()}
        assert waits == {"migrate": "service_completed_successfully", "broker": "service_healthy"}
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(SERVICES)


def test_ports_are_open_to_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_volumes_are_named_once_and_used() -> None:
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_images_are_pinned() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    images += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in images:
        assert ":" in image, image
        assert not image.endswith(":latest")


def test_no_secret_is_written_down() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRETS.search(name):
                assert value.startswith("${"), name
    for name, value in re.findall(r"^([A-Z0-9_]+)=(.*)$", EXAMPLE, re.MULTILINE):
        if SECRETS.search(name):
            assert value == "", name
    assert not SECRETS.search(LAST_STAGE)


def test_image_runs_as_an_ordinary_user() -> None:
    users = re.findall(r"^USER (\S+)", LAST_STAGE, re.MULTILINE)
    assert users
    assert users[-1] not in {"0", "root"}
    assert LAST_STAGE.index("\nUSER") < LAST_STAGE.index("\nCMD")


def test_image_installs_by_hash_and_says_whether_it_is_well() -> None:
    assert "--require-hashes" in DOCKERFILE
    assert "\nHEALTHCHECK" in LAST_STAGE
    assert "--from=build" in LAST_STAGE


def test_builder_is_sent_what_it_copies_and_no_secret() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*", "everything is left out unless it is named"
    sent = {line[1:].split("/")[0] for line in lines if line.startswith("!")}
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)]
    assert {source.split("/")[0] for sources in copied for source in sources} == sent
    assert ".env" not in sent
