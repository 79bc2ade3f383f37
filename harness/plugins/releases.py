"""Which releases of a package there are: asked of the package index through its ordinary client."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec

from packaging.version import InvalidVersion, Version

from harness.common.errors import CannotTell
from harness.plugins.registry import Plugin


class NoReleases(CannotTell):
    """The releases cannot be listed; the message says why in one line."""


def releases(plugin: Plugin) -> list[str]:
    """Final releases of the package behind a plugin that it is written for, oldest first. Raises NoReleases."""
    if plugin.package is None or not (plugin.declared.requires or plugin.runtime == "node"):
        raise NoReleases(f"{plugin.name} comes with no package of its own, so it has no releases")
    listed = _from_npm(plugin.package) if plugin.runtime == "node" else _from_pip(plugin.package)
    final = {version: text for text in listed if (version := _version(text)) and not version.is_prerelease}
    final = {version: text for version, text in final.items() if plugin.is_for(text)}
    if not final:
        raise NoReleases(f"the index lists no release of {plugin.package} that {plugin.name} is written for")
    return [final[version] for version in sorted(final)]


def _from_pip(package: str) -> list[str]:
    output = _ask([*_pip(), "index", "versions", package], package)
    lines = (line.partition(":") for line in output.splitlines())
    return next((rest.replace(",", " ").split() for name, _, rest in lines if name == "Available versions"), [])


def _pip() -> list[str]:
    """The command that is pip: this environment's own, else, as where uv made it, one that uv gets."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    import uv

    return [uv.find_uv_bin(), "tool", "run", "--python", sys.executable, "pip"]


def _from_npm(package: str) -> list[str]:
    if shutil.which("npm") is None:
        raise NoReleases("npm is not installed")
    listed = json.loads(_ask(["npm", "view", package, "versions", "--json"], package) or "[]")
    return listed if isinstance(listed, list) else [str(listed)]


def _ask(command: list[str], package: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it did not say why"]
        raise NoReleases(f"the index does not list the releases of {package}: {lines[-1][:200]}")
    return done.stdout


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None
