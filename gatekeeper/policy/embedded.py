"""The embedded Rego engine: policy compiled once for each thread, asked in process. The one import of regopy."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any

import orjson
import regopy
from regopy import Input, Interpreter, RegoError

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import Question

_FAULT = re.compile(r"\(error \d+:([^|]+)\|(\d+)\|\d+\s*\(errormsg \d+:([^\n]*)\)\n")


class EmbeddedEngine:
    """A policy engine without a server. Threads do not share an interpreter: it is not made for that."""

    name = "embedded"
    version = f"regopy {regopy.__version__}"

    def __init__(self, bundle: PolicyBundle) -> None:
        self._bundle = bundle
        self._per_thread = threading.local()
        self._compiled()

    def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
        """The raw answer; None when the rule is undefined. Raises UnavailableError when evaluation failed."""
        interpreter, compiled = self._compiled()
        try:
            interpreter.set_input(Input(dict(policy_input)))
            output = interpreter.query_bundle_entrypoint(compiled, question.value)
            if not output.ok():
                raise _failed(str(output))
            return _answer(str(output))
        except (RegoError, ValueError, TypeError) as error:
            raise _failed(str(error)) from error

    def _compiled(self) -> tuple[Any, Any]:
        ready: tuple[Any, Any] | None = getattr(self._per_thread, "compiled", None)
        if ready is None:
            ready = self._per_thread.compiled = _compile(self._bundle)
        return ready


def _compile(bundle: PolicyBundle) -> tuple[Any, Any]:
    interpreter = Interpreter()
    try:
        for name, source in bundle.modules.items():
            interpreter.add_module(name, source)
        interpreter.add_data(bundle.data)
        compiled = interpreter.build(None, [question.value for question in Question])
    except RegoError as error:
        raise _failed(f"the policy does not compile: {_faults(str(error), bundle.modules)}") from error
    if not compiled.ok():
        raise _failed("the policy does not compile")
    return interpreter, compiled


def _faults(told: str, modules: Mapping[str, str]) -> str:
    """The faults that regopy told, as `FILE:LINE: what` (it gives places in bytes); what it told otherwise."""
    return (
        "; ".join(
            f"{name}:{modules.get(name, '').encode()[: int(offset)].count(10) + 1}: {what}"
            for name, offset, what in _FAULT.findall(told)
        )
        or told
    )


def _answer(output: str) -> object:
    """The value of the only expression; regopy prints `undefined` for an undefined rule."""
    if output == "undefined":
        return None
    value = orjson.loads(output)
    expressions = value.get("expressions") if isinstance(value, dict) else None
    if not isinstance(expressions, list) or len(expressions) != 1:
        raise _failed("the engine gave something other than one expression")
    return expressions[0]


def _failed(detail: str) -> UnavailableError:
    return UnavailableError(f"The embedded engine gave no answer: {detail[:500]}", code="engine_failed")
