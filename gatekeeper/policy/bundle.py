"""The policy as one value: every Rego module, the thresholds, the probes, and the revision that names them all.

Loads a policy directory whole or not at all. Tests (`_test.rego`) and cases are no part of a bundle.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.errors import UnavailableError

_ROOT = "gatekeeper"
_REQUIRED = re.compile(r"^required := \{([^}]*)\}", re.MULTILINE)
_GATE = "gate/gate.rego"
_DATA = "data/thresholds.json"
_NEEDED = (_GATE, "gate/facts/facts.rego", "approval/approval.rego", "break_glass/break_glass.rego", _DATA)


@dataclass(frozen=True)
class PolicyBundle:
    """A whole policy. `modules` and `probes` are by path and by rule; `data` is what stands below `data`.

    `files` is everything that `revision` is the digest of, by name.
    """

    modules: dict[str, str]
    data: dict[str, Any]
    probes: dict[str, dict[str, Any]]
    revision: str
    files: dict[str, str]

    @classmethod
    def load(cls, directory: Path) -> PolicyBundle:
        """Read a policy directory; raises UnavailableError naming the file that is missing or faulty."""
        return cls.from_files({name: _text(name, content) for name, content in _files(directory).items()})

    @classmethod
    def from_files(cls, files: dict[str, str]) -> PolicyBundle:
        """The policy that these files are; raises UnavailableError naming the file that is missing or faulty."""
        for name in _NEEDED:
            if name not in files:
                raise _incomplete(f"{name} is missing")
        required = _required_rules(files[_GATE])
        for rule in required:
            for name in (f"gate/rules/{rule}/{rule}.rego", f"gate/rules/{rule}/probe.json"):
                if name not in files:
                    raise _incomplete(f"rule {rule} has no {name}")
        _refuse_unknown_rules(files, required)
        revision = revision_of(files)
        thresholds = _json(files, _DATA)
        return cls(
            modules={name: source for name, source in files.items() if name.endswith(".rego")},
            data={_ROOT: {"revision": revision, "thresholds": thresholds}},
            probes={rule: _json(files, f"gate/rules/{rule}/probe.json") for rule in required},
            revision=revision,
            files=files,
        )

    def threshold_seconds(self, group: str, name: str) -> int:
        """A threshold that is a time in whole seconds; raises UnavailableError when it is not there."""
        value = self.data[_ROOT]["thresholds"].get(group, {}).get(name)
        if type(value) is not int or value < 1:
            raise _incomplete(f"the threshold {group}.{name} is not a whole number of seconds")
        return value

    def entries(self) -> dict[str, bytes]:
        """The files of an OPA bundle, by path: modules, data and manifest with the revision."""
        manifest = {"revision": self.revision, "roots": [_ROOT], "rego_version": 1}
        entries = {name: source.encode() for name, source in self.modules.items()}
        entries["data.json"] = canonical_json(self.data)
        entries[".manifest"] = canonical_json(manifest)
        return dict(sorted(entries.items()))

    def archive(self) -> bytes:
        """The OPA bundle as a tar.gz whose bytes depend on nothing but the policy."""
        buffer = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar,
        ):
            for name, content in self.entries().items():
                member = tarfile.TarInfo(f"/{name}")
                member.size, member.mode = len(content), 0o644
                tar.addfile(member, io.BytesIO(content))
        return buffer.getvalue()

    def write(self, directory: Path) -> None:
        """The OPA bundle as a directory, for `opa run --server --bundle DIRECTORY`."""
        for name, content in self.entries().items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def revision_of(files: Mapping[str, str]) -> str:
    """The name of a policy: `sha256:` over the RFC 8785 JSON of its files' digests by name."""
    return sha256_name(canonical_json({name: sha256_name(text.encode()) for name, text in files.items()}))


def _files(directory: Path) -> dict[str, bytes]:
    """Every policy and data file by its path below the directory, sorted; tests and cases left out."""
    if not directory.is_dir():
        raise _incomplete(f"there is no policy directory {directory}")
    found = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        is_policy = name.endswith((".rego", ".json")) and not name.endswith("_test.rego")
        if path.is_file() and is_policy and "/cases/" not in f"/{name}":
            found[name] = path.read_bytes()
    return found


def _required_rules(gate: str) -> list[str]:
    literal = _REQUIRED.search(gate)
    if literal is None:
        raise _incomplete(f"{_GATE} has no literal set of required rules")
    return sorted(re.findall(r'"([a-z_]+)"', literal.group(1)))


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise _incomplete(f"{name} is not UTF-8") from error


def _refuse_unknown_rules(files: Mapping[str, str], required: list[str]) -> None:
    present = {name.split("/")[2] for name in files if name.startswith("gate/rules/")}
    if unknown := present - set(required):
        raise _incomplete(f"the gate does not require the rules {', '.join(sorted(unknown))}")


def _json(files: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(files[name])
    except orjson.JSONDecodeError as error:
        raise _incomplete(f"{name} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise _incomplete(f"{name} is not a JSON object")
    return value


def _incomplete(detail: str) -> UnavailableError:
    return UnavailableError(f"The policy is not whole: {detail}.", code="policy_incomplete")
