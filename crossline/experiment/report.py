"""``report.html``: a run on one page."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from crossline.evaluate.report import Evaluation
from crossline.experiment.folder import RunFolder
from crossline.experiment.gate import Requirement
from crossline.experiment.plots import plot_results
from crossline.experiment.results import Results
from crossline.experiment.settings import Experiment
from crossline.records.images import read_image
from crossline.report.page import (
    Block,
    Cell,
    Code,
    Figures,
    Gallery,
    Mark,
    Picture,
    Section,
    Table,
    Text,
    picture,
    plot,
    write_page,
)

SAVED_MODEL = "SavedModel"
"""Name of the judgement that the gate is about."""

_SUMMARY = ("AP", "AP50", "AP75", "AR100")


def write_report(
    experiment: Experiment,
    folder: RunFolder,
    results: Results,
    evaluation: Evaluation,
    gate: Sequence[Requirement],
) -> None:
    """Writes the page, whole or not at all."""
    name = folder.path.resolve().name
    write_page(
        folder.report,
        f"Run {name}",
        f"{experiment.schedule.steps} steps of {experiment.batch_size} images "
        f"from {experiment.model.checkpoint}, judged on "
        f"{evaluation.images} images.",
        [
            Section("What came of it", list(_outcome(results, gate))),
            Section("Judged", list(_judged(evaluation))),
            Section("Training", [plot(plot_results(results.rows))]),
            *_balance(folder.balance),
            Section("As the network saw it", _batches(folder.batches)),
            Section("Settings", [Code(folder.settings.read_text())]),
            Section("Machine", [Code(folder.environment.read_text())]),
        ],
    )


def _outcome(results: Results, gate: Sequence[Requirement]) -> Iterator[Block]:
    best = results.best or {}
    figures: list[tuple[str, Cell]] = [
        ("best AP in validation", f"{best['AP']:.3f}"),
        ("at step", f"{best['step']:.0f}"),
        ("steps made", f"{results.rows[-1]['step']:.0f}"),
    ]
    figures += [(each.name, Mark(each.found, each.holds)) for each in gate]
    yield Figures(figures)
    if gate:
        yield Table(
            ["quality gate", "wanted", "found", ""],
            [
                [
                    each.name,
                    each.wanted,
                    each.found,
                    Mark("holds" if each.holds else "missed", each.holds),
                ]
                for each in gate
            ],
        )
    else:
        yield Text("The settings have no quality gate.")


def _judged(evaluation: Evaluation) -> Iterator[Block]:
    classes = evaluation.judgements[0].metrics.per_class
    rows: list[list[Cell]] = []
    for each in evaluation.judgements:
        scores = [each.metrics.summary[name] for name in _SUMMARY]
        scores += [one.AP for one in each.metrics.per_class.values()]
        change = (each.differences or {}).get("AP")
        interval = (
            f"{change.estimate:+.3f} ({change.low:+.3f} to {change.high:+.3f})"
            if change
            else ""
        )
        rows.append([each.name, *map(_score, scores), interval])
    first = evaluation.judgements[0].name
    yield Table(
        ["model", *_SUMMARY, *classes, f"AP against {first}"],
        rows,
        "Under a class: its AP. In brackets: 95 % of a paired bootstrap over "
        "the images.",
    )
    trained = next(
        each for each in evaluation.judgements if each.name == SAVED_MODEL
    )
    yield Table(
        ["what was found", "what addresses it"],
        [[finding.text, finding.remedy] for finding in trained.findings],
        f"Of the {SAVED_MODEL}. Curves, confusions, errors and the worst "
        "images stand in evaluation.html, beside this page.",
    )


def _score(score: float | None) -> str:
    return "n/a" if score is None else f"{score:.3f}"


def _balance(path: Path) -> Iterator[Section]:
    if path.exists():
        header, *rows = csv.reader(path.read_text().splitlines())
        table: list[list[Cell]] = [
            [name, int(instances), f"{float(weight):.3g}"]
            for name, instances, weight in rows
        ]
        text = "Mean over all boxes of the training part: 1."
        yield Section("Balance", [Table(header, table, text)])


def _batches(folder: Path) -> list[Block]:
    pictures: list[Picture] = []
    for path in sorted(folder.glob("*.jpg")):
        caption = path.stem.replace("_", " ")
        pictures.append(picture(read_image(path), caption))
    return [
        Text("What the records hold stands in labels.html, beside this page."),
        Gallery(pictures, 640),
    ]
