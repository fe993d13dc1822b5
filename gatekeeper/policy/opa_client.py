"""An OPA server as policy engine. The one import of opa_client.

No retries and one deadline for the whole exchange: a server that refuses, hangs, drips or talks nonsense is down.
Redirects are not followed and the environment's proxies are not used.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlineError
from urllib.parse import urlsplit

from opa_client.opa import OpaClient

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.engine import Question

UNKNOWN = "unknown"
_WAITING_AT_ONCE = 32
_LONGEST_VERSION = 40


class OpaEngine:
    """A policy engine that runs elsewhere. Safe to share between threads."""

    name = "opa"

    def __init__(self, url: str, timeout_seconds: float, token: str | None = None) -> None:
        parts = urlsplit(url)
        is_https = parts.scheme == "https"
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._client = OpaClient(
            host=parts.hostname or "",
            port=parts.port or (443 if is_https else 80),
            ssl=is_https,
            retries=0,
            timeout=timeout_seconds,
            token=token,
        )
        self._client._session.trust_env = False
        self._client._session.max_redirects = 0
        self._exchanges = ThreadPoolExecutor(_WAITING_AT_ONCE, thread_name_prefix="opa")
        self._version = UNKNOWN

    @property
    def version(self) -> str:
        """The server's version as it told with its latest answer."""
        return self._version

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        """The raw answer; None when the rule is undefined. Raises UnavailableError when there is none in time."""
        exchange = self._exchanges.submit(self._exchange, question, policy_input)
        try:
            answer = exchange.result(timeout=self._timeout_seconds)
        except DeadlineError as error:
            exchange.cancel()
            raise self._down(f"no answer within {self._timeout_seconds} s") from error
        except Exception as error:  # the client documents no common root of its errors
            raise self._down(_reason(error)) from error
        if not isinstance(answer, dict):
            raise self._down("the answer is not a JSON object")
        self._version = _version(answer.get("provenance"))
        return answer.get("result")

    def _exchange(self, question: Question, policy_input: Mapping[str, object]) -> object:
        package, _, rule = question.value.rpartition("/")
        told = {"provenance": True}
        return self._client.query_rule(dict(policy_input), package.replace("/", "."), rule, told)

    def _down(self, detail: str) -> UnavailableError:
        return UnavailableError(f"OPA at {self._url} is down: {detail[:300]}", code="engine_down")


def _reason(error: BaseException) -> str:
    """What failed first, such as `Connection refused`: what the layers above say of it is long and adds nothing."""
    while deeper := error.__cause__ or error.__context__:
        error = deeper
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"


def _version(provenance: object) -> str:
    told = provenance.get("version") if isinstance(provenance, dict) else None
    if isinstance(told, str) and 0 < len(told) <= _LONGEST_VERSION and told.isascii() and told.isprintable():
        return f"opa {told}"
    return UNKNOWN
