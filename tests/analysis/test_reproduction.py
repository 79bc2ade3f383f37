"""Published tables name extractors of the catalogue and have a value for each metric."""

from __future__ import annotations

from harness.analysis.reproduction import benchmarks


def test_published_tables_name_extractors_of_the_catalogue_and_have_a_value_for_each_metric() -> None:
    from harness.metrics import METRICS
    from harness.plugins.registry import Registry

    known = {name for plugin in Registry([]).plugins.values() for name in plugin.names}
    for benchmark in benchmarks().values():
        assert set(benchmark.metrics) <= METRICS.keys()
        for row in benchmark.rows:
            assert len(row.values) == len(benchmark.metrics), row
            assert len(row.by_kind) in (0, len(benchmark.kinds)), row
            assert row.extractor is None or row.extractor in known, row
        stems = [row.outputs for row in benchmark.rows if row.outputs]
        assert len(stems) == len(set(stems)), "each file of outputs is of one system"


def test_every_system_of_aeb_has_its_published_outputs_and_they_are_in_the_order_of_their_f() -> None:
    rows = benchmarks()["aeb"].rows
    assert len(rows) == 34 and all(row.outputs for row in rows)
    assert [row.values[0] for row in rows] == sorted((row.values[0] for row in rows), reverse=True)
