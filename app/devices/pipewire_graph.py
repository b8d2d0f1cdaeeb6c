"""Our camera among the nodes of PipeWire, and who is linked to it."""

import json
from collections.abc import Mapping
from typing import Any

from app.system import System
from core.devices import CAMERA_NAME


def readers(system: System) -> tuple[bool, tuple[str, ...]]:
    """Whether it is there, and the programs that read it; nothing where pw-dump is missing."""
    answer = system.run("pw-dump", timeout=4.0)
    try:
        found = json.loads(answer.out) if answer.good else []
    except ValueError:
        found = []
    objects = {one["id"]: one for one in found if "id" in one}
    ours = {number for number, one in objects.items() if _is_ours(_properties(one))}
    linked = {
        info.get("input-node-id")
        for one in objects.values()
        if one.get("type") == "PipeWire:Interface:Link"
        and (info := one.get("info") or {}).get("output-node-id") in ours
    }
    names = {_name(_properties(objects[number])) for number in linked if number in objects}
    return bool(ours), tuple(sorted(names))


def _properties(one: Mapping[str, Any]) -> Mapping[str, Any]:
    info = one.get("info") or {}
    return info.get("props") or {}


def _is_ours(properties: Mapping[str, Any]) -> bool:
    is_camera = properties.get("media.class") == "Video/Source"
    return is_camera and properties.get("node.name") == CAMERA_NAME


def _name(properties: Mapping[str, Any]) -> str:
    for key in ("application.name", "node.description", "node.name"):
        if properties.get(key):
            return str(properties[key])
    return "a program"
