"""Settings from the environment, checked all at once. Owns names, defaults and ranges; reads nothing by itself.

A secret may be given as `NAME` or as `NAME_FILE`, a path whose content is the secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gatekeeper.errors import FieldError, InvalidInputError

Number = TypeVar("Number", int, float)

NO_SIGNER = "none"
MOST_ORIGIN_BYTES = 200
REPOSITORY = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may differ between two installations. Sizes in bytes, durations in seconds."""

    data_dir: Path
    database_url: str = field(repr=False)
    policies_dir: Path
    bind_host: str
    bind_port: int
    workers: int
    warms_up: bool
    public_url: str
    opa_url: str | None
    opa_token: str | None = field(repr=False)
    opa_timeout_seconds: float
    bundle_token: str | None = field(repr=False)
    secret_key: str | None = field(repr=False)
    max_report_bytes: int
    session_seconds: int
    log_level: str
    log_origin: str | None
    signer_socket: Path | None
    publishes: bool
    witness_policy_file: Path | None
    execution_deadline_seconds: int

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check every `GATEKEEPER_*` variable; raises InvalidInputError naming each faulty one."""
        reader = _Reader(environ)
        data_dir = Path(reader.text("DATA_DIR", "var")).absolute()
        host, port = reader.bind("BIND", "127.0.0.1:8080")
        settings = cls(
            data_dir=data_dir,
            database_url=reader.database_url("DATABASE_URL", f"sqlite:///{data_dir / 'gatekeeper.db'}"),
            policies_dir=Path(reader.text("POLICIES_DIR", str(REPOSITORY / "policies"))),
            bind_host=host,
            bind_port=port,
            workers=reader.integer("WORKERS", 2, 1, 64),
            warms_up=reader.word("WARM_UP", "on", ("on", "off")) == "on",
            public_url=reader.url("PUBLIC_URL", f"http://{host}:{port}") or "",
            opa_url=reader.url("OPA_URL", None),
            opa_token=reader.secret("OPA_TOKEN"),
            opa_timeout_seconds=reader.number("OPA_TIMEOUT_SECONDS", 1.5, 0.01, 60),
            bundle_token=reader.secret("BUNDLE_TOKEN", minimum=32),
            secret_key=reader.secret("SECRET_KEY", minimum=32),
            max_report_bytes=reader.integer("MAX_REPORT_BYTES", 1_048_576, 1_024, 67_108_864),
            session_seconds=reader.integer("SESSION_SECONDS", 28_800, 60, 86_400),
            log_level=reader.word("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
            log_origin=reader.log_origin("LOG_ORIGIN"),
            signer_socket=reader.signer_socket("SIGNER_SOCKET", needs="WITNESS_POLICY_FILE"),
            publishes=reader.text("SIGNER_SOCKET", "") != NO_SIGNER,
            witness_policy_file=reader.path("WITNESS_POLICY_FILE"),
            execution_deadline_seconds=reader.integer("EXECUTION_DEADLINE_SECONDS", 3_600, 1, 604_800),
        )
        reader.raise_faults()
        return settings


class _Reader:
    """Collects faults instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[FieldError] = []

    def raise_faults(self) -> None:
        if self._faults:
            listed = "; ".join(f"{fault.pointer}: {fault.detail}" for fault in self._faults)
            raise InvalidInputError(f"The settings are not valid: {listed}", errors=self._faults)

    def text(self, name: str, default: str) -> str:
        return self._environ.get(f"GATEKEEPER_{name}") or default

    def integer(self, name: str, default: int, low: int, high: int) -> int:
        return self._ranged(name, default, low, high, int, "a whole number")

    def number(self, name: str, default: float, low: float, high: float) -> float:
        return self._ranged(name, default, low, high, float, "a number")

    def word(self, name: str, default: str, known: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in known:
            self._fault(name, f"must be one of {', '.join(known)}, not {value!r}")
        return value

    def url(self, name: str, default: str | None) -> str | None:
        value = self._environ.get(f"GATEKEEPER_{name}") or default
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                self._fault(name, "must be an http or https URL")
                return default
        return value.rstrip("/") if value else value

    def path(self, name: str) -> Path | None:
        text = self.text(name, "")
        return Path(text).absolute() if text else None

    def log_origin(self, name: str) -> str | None:
        value = self.text(name, "")
        if "+" in value or any(each.isspace() for each in value) or len(value.encode()) > MOST_ORIGIN_BYTES:
            self._fault(name, f"must be a name of at most {MOST_ORIGIN_BYTES} bytes without blanks and plus")
        return value or None

    def signer_socket(self, name: str, *, needs: str) -> Path | None:
        if self.text(name, "") and not self.text(needs, ""):
            self._fault(needs, f"must be given with GATEKEEPER_{name}: it names the log's key")
        return None if self.text(name, "") == NO_SIGNER else self.path(name)

    def database_url(self, name: str, default: str) -> str:
        value = self.secret(name) or default
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            self._fault(name, "must begin with sqlite:/// or postgresql://")
            return default
        return value

    def bind(self, name: str, default: str) -> tuple[str, int]:
        host, _, port = self.text(name, default).rpartition(":")
        if not host or not port.isdecimal() or not 1 <= int(port) <= 65_535:
            self._fault(name, "must be HOST:PORT with a port from 1 to 65535")
            return "127.0.0.1", 8080
        return host.strip("[]"), int(port)

    def secret(self, name: str, minimum: int = 1) -> str | None:
        value = self._environ.get(f"GATEKEEPER_{name}")
        if file := self._environ.get(f"GATEKEEPER_{name}_FILE"):
            try:
                value = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self._fault(f"{name}_FILE", f"cannot be read: {error}")
                return None
        if value and len(value) < minimum:
            self._fault(name, f"must have at least {minimum} characters")
        return value or None

    def _ranged(
        self, name: str, default: Number, low: Number, high: Number, parse: Callable[[str], Number], kind: str
    ) -> Number:
        value: Number | None
        try:
            value = parse(self.text(name, str(default)))
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            self._fault(name, f"must be {kind} from {low} to {high}")
            return default
        return value

    def _fault(self, name: str, detail: str) -> None:
        self._faults.append(FieldError(f"GATEKEEPER_{name}", detail))
