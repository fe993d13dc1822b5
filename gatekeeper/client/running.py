"""An execution whose permit was spent, while it runs: what it shows for itself, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.execution import Evidence, Outcome
from gatekeeper.permits.permit import Permit

Tell = Callable[[Outcome, Sequence[Evidence]], object]


class RunningExecution:
    """Handed to the body of `GateClient.execution`, which alone makes it.

    `evidence` goes with the final report; the body may add to it.
    """

    def __init__(self, execution_id: str, permit: Permit, tell: Tell) -> None:
        self.id = execution_id
        self.permit = permit
        self.evidence: list[Evidence] = []
        self._tell = tell
        self._ended = False

    def begin(self) -> None:
        """Report that it started. Raises when the gate does not take it: then nothing may run."""
        self._tell(Outcome.STARTED, ())

    def roll_back(self, evidence: Sequence[Evidence] = ()) -> None:
        """Report that what was done is undone; for the body, or for after it has failed."""
        self._tell(Outcome.ROLLED_BACK, evidence)
        self._ended = True

    def succeed(self) -> None:
        """Report success, unless the body has reported its end."""
        if not self._ended:
            self._tell(Outcome.SUCCEEDED, self.evidence)
            self._ended = True

    def fail(self, cause: BaseException) -> None:
        """Report failure, unless the body has reported its end. Raises nothing: the cause is what has to be seen."""
        if self._ended:
            return
        try:
            self._tell(Outcome.FAILED, self.evidence)
            self._ended = True
        except GatekeeperError as error:
            cause.add_note(f"The gate was not told that execution {self.id} failed: {error.detail}")
