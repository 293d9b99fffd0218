"""/metrics in Prometheus' text format, for whoever scrapes it.

The figures come from the database, once in a few seconds for each worker. Those of a single process
(memory, processor) are not among them: with several workers each scrape would meet another one.
"""

import time
from collections.abc import Iterable, Iterator
from itertools import accumulate

from flask import Blueprint, Response, current_app
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)  # fmt: skip
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.domain.lateness import BOUNDS
from bot.services.gauges import Family, figures

blueprint = Blueprint("metrics", __name__)

FRESH = 5.0
"""Seconds for which a worker gives the same answer again, however often it is asked."""
KEPT = "metrics"


@blueprint.get("/metrics")
def metrics() -> Response:
    """All figures. Who may read them: web.guard."""
    store = current_app.extensions
    asked, text = store.get(KEPT, (float("-inf"), b""))
    now = time.monotonic()
    if now - asked > FRESH:
        text = _written(figures(store["deps"]))
        store[KEPT] = now, text
    return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Once:
    """What the library calls a collector: it gives these figures."""

    def __init__(self, families: Iterable[Family]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        """The figures as the library's own types."""
        return map(_metric, self._families)


def _written(families: Iterable[Family]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Once(families))
    return generate_latest(registry)


def _metric(family: Family) -> Metric:
    if family.kind == "histogram":
        return _histogram(family)
    make = CounterMetricFamily if family.kind == "counter" else GaugeMetricFamily
    made = make(family.name, family.help, labels=family.labels)
    for sample in family.samples:
        made.add_metric(sample.labels, sample.value)
    return made


def _histogram(family: Family) -> Metric:
    """Each bucket holds all bins up to its bound. What all took together is not known."""
    made = HistogramMetricFamily(family.name, family.help)
    counts = accumulate(sample.value for sample in family.samples)
    bounds = (*map(str, BOUNDS), "+Inf")
    made.add_metric((), list(zip(bounds, counts, strict=False)), sum_value=None)
    return made
