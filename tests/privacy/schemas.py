"""As much of JSON Schema as our own schema uses."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
FORMATS = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def faults_of(schema: dict[str, Any], value: Any, where: str = "") -> list[str]:
    """Where the value is not what the schema says."""
    if "const" in schema:
        return [] if value == schema["const"] else [f"{where}: {value}"]
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(isinstance(value, KINDS[kind]) for kind in kinds) or (
        isinstance(value, bool) and "boolean" not in kinds
    ):
        return [f"{where}: {value}"]
    if isinstance(value, dict):
        return _faults_of_object(schema, value, where)
    if isinstance(value, list):
        return [fault for item in value for fault in faults_of(schema["items"], item, where)]
    if isinstance(value, str) and "format" in schema:
        try:
            FORMATS[schema["format"]](value)  # type: ignore[operator]
        except ValueError:
            return [f"{where}: {value}"]
    return []


def _faults_of_object(schema: dict[str, Any], value: dict[str, Any], where: str) -> list[str]:
    properties = schema["properties"]
    missing = [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
    foreign = [f"{where}: {name} is foreign" for name in value if name not in properties]
    inner = [
        fault
        for name, item in value.items()
        if name in properties
        for fault in faults_of(properties[name], item, f"{where}.{name}".lstrip("."))
    ]
    return missing + foreign + inner
