"""What operators watch, under the prefix `fsar_gate_`: counts, latencies and the state of the gate. No personal data.

Counters are per process, or shared by all worker processes when `PROMETHEUS_MULTIPROC_DIR` names an empty directory
before the first of them starts. What the database knows is read from it at the moment of the scrape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from gatekeeper.closures.service import ClosureService
from gatekeeper.dossiers import Dossiers
from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.execution import ExecutionState
from gatekeeper.executions.service import ExecutionService
from gatekeeper.proposals.revisions import State

LogSizes = Callable[[], tuple[int, int]]
"""How many entries the log has, and how many are published."""

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class GateMetrics:
    """The metrics of one process, and the scrape over all of them."""

    def __init__(
        self, dossiers: Dossiers, closures: ClosureService, executions: ExecutionService, log_sizes: LogSizes
    ) -> None:
        registry = CollectorRegistry()
        self._decisions = Counter(
            "fsar_gate_decisions",
            "Revisions decided over HTTP, by the outcome of the gate policy.",
            ["outcome"],
            registry=registry,
        )
        self._errors = Counter(
            "fsar_gate_errors",
            "Problem documents answered, by code; lines of a bulk count each.",
            ["code"],
            registry=registry,
        )
        self._seconds = Histogram(
            "fsar_gate_request_seconds",
            "Time from a request's arrival in the process to its answer.",
            ["operation", "status"],
            buckets=_SECONDS,
            registry=registry,
        )
        self._scraped = _shared_registry() or registry
        self._scraped.register(_GateState(dossiers, closures, executions, log_sizes))

    def count_decision(self, outcome: str) -> None:
        """One revision was created with this outcome."""
        self._decisions.labels(outcome).inc()

    def count_error(self, code: str) -> None:
        """One problem document was answered."""
        self._errors.labels(code).inc()

    def observe(self, operation: str, status: int, seconds: float) -> None:
        """One call was answered."""
        self._seconds.labels(operation, f"{status // 100}xx").observe(seconds)

    def exposition(self) -> bytes:
        """Everything in the Prometheus text format."""
        return generate_latest(self._scraped)


class _GateState(Collector):
    """Gauges read from the database at each scrape; `fsar_gate_database_up` is 0 when it cannot be read."""

    def __init__(
        self, dossiers: Dossiers, closures: ClosureService, executions: ExecutionService, log_sizes: LogSizes
    ) -> None:
        self._dossiers = dossiers
        self._closures = closures
        self._executions = executions
        self._log_sizes = log_sizes

    def describe(self) -> list[Metric]:
        """Nothing: registering must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the database now."""
        try:
            counts = self._dossiers.count_by_state()
            frozen = self._closures.current() is not None
            executions = self._executions.count_by_state()
            size, published = self._log_sizes()
        except GatekeeperError:
            yield GaugeMetricFamily("fsar_gate_database_up", "Whether the database can be read.", value=0)
            return
        yield GaugeMetricFamily("fsar_gate_database_up", "Whether the database can be read.", value=1)
        yield GaugeMetricFamily("fsar_gate_frozen", "Whether the gate is frozen.", value=int(frozen))
        yield GaugeMetricFamily("fsar_gate_log_entries", "Entries of the log.", value=size)
        yield GaugeMetricFamily(
            "fsar_gate_log_published_entries", "Entries that the newest checkpoint covers.", value=published
        )
        pending = counts.get(State.PENDING_REVIEW.value, 0)
        yield GaugeMetricFamily("fsar_gate_pending_reviews", "Proposals that wait for people.", value=pending)
        yield _by_state("fsar_gate_proposals", "Proposals by state.", State, counts)
        yield _by_state("fsar_gate_executions", "Executions by state.", ExecutionState, executions)


def _by_state(name: str, text: str, states: Iterable[str], counts: Mapping[str, int]) -> Metric:
    """A gauge with a sample for every state, those with nothing in them too."""
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state in states:
        family.add_metric([str(state)], counts.get(str(state), 0))
    return family


def _shared_registry() -> CollectorRegistry | None:
    """A registry over the files of all processes, or None when they share none."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types here
    except ValueError:
        return None
    return registry
