"""What was measured, as a CSV, as Markdown, and as a picture."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import pandas as pd
from matplotlib.figure import Figure

from crossline.benchmark.files import SETTINGS, USUAL, Measured

_SMALLEST_SPAN = 0.04
"""Of the picture's AP axis: less would blow up what is chance."""


def table_of(files: Sequence[Measured]) -> pd.DataFrame:
    """Returns a row per file; a class without objects has no AP."""
    return pd.DataFrame([_row(file) for file in files])


def to_markdown(files: Sequence[Measured]) -> str:
    """Returns two tables: a row per file, and a row per class."""
    files_table = [
        [
            file.name,
            f"{file.megabytes:.2f}",
            f"{file.gzip_megabytes:.2f}",
            _score(file.metrics.summary["AP"]),
            _score(file.metrics.summary["AP50"]),
            *(
                f"{file.latency[s].median:.1f} / {file.latency[s].p95:.1f}"
                for s in SETTINGS
            ),
            f"{file.latency[SETTINGS[0]].processor:.1f}",
            f"{file.start_up.megabytes:.0f}",
            f"{file.start_up.seconds:.2f}",
        ]
        for file in files
    ]
    columns = ["file", "MB", "gzip MB", "AP", "AP50"]
    columns += [f"{s}, ms" for s in SETTINGS]
    columns += ["CPU, ms", "peak MB", "start-up, s"]
    classes_table = [
        [
            name,
            str(metrics.objects),
            *(_score(file.metrics.per_class[name].AP) for file in files),
        ]
        for name, metrics in files[0].metrics.per_class.items()
    ]
    return (
        _markdown(columns, files_table)
        + "\nLatency: median / 95th percentile of one detection, from the "
        "decoded image to the boxes. CPU: what it computes with 1 thread, "
        "whatever else the machine does. Peak memory and start-up: of a fresh "
        "process until its first detection.\n\n"
        + _markdown(
            ["AP by class", "objects", *(file.name for file in files)],
            classes_table,
        )
    )


def plot_accuracy_and_latency(files: Sequence[Measured]) -> Figure:
    """Draws a point per file; the best ones are at the top left."""
    figure = Figure(figsize=(8.5, 4), layout="constrained")
    axes = figure.subplots()
    for file, marker in zip(files, cycle("oDs^vPX*")):
        latency = file.latency[USUAL].median
        accuracy = file.metrics.summary["AP"] or 0.0
        label = (
            f"{file.name}: {accuracy:.3f}, {latency:.1f} ms, "
            f"{file.megabytes:.1f} MB"
        )
        axes.plot(latency, accuracy, marker, alpha=0.7, label=label)
    low, high = axes.get_ylim()
    middle, half = (low + high) / 2, max(high - low, _SMALLEST_SPAN) / 2
    axes.set_ylim(middle - 1.2 * half, middle + 1.2 * half)
    axes.set_xlim(left=0)
    axes.set_xlabel(f"median latency, ms, {USUAL}")
    axes.set_ylabel("AP")
    axes.grid(alpha=0.3)
    figure.legend(loc="outside right upper", frameon=False)
    return figure


def _row(file: Measured) -> Mapping[str, str | float | None]:
    latencies = {
        f"{statistic}_ms {setting}": getattr(latency, statistic)
        for setting, latency in file.latency.items()
        for statistic in ("median", "p95", "processor")
    }
    return {
        "file": file.name,
        "megabytes": file.megabytes,
        "gzip_megabytes": file.gzip_megabytes,
        "AP": file.metrics.summary["AP"],
        "AP50": file.metrics.summary["AP50"],
        **latencies,
        "peak_megabytes": file.start_up.megabytes,
        "start_up_seconds": file.start_up.seconds,
        **{f"AP {n}": m.AP for n, m in file.metrics.per_class.items()},
    }


def _score(score: float | None) -> str:
    return "n/a" if score is None else f"{score:.3f}"


def _markdown(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
