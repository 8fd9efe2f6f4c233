"""An evaluation as a page: one file with its pictures inside."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crossline.evaluate import page_errors, page_scores
from crossline.evaluate.error_kinds import ErrorKind
from crossline.evaluate.page_text import number_text, titled
from crossline.evaluate.report import Evaluation, Judgement
from crossline.report.page import (
    Block,
    Cell,
    Figures,
    Section,
    Table,
    Text,
    write_page,
)


def write_evaluation_page(
    path: Path, evaluation: Evaluation, read_images: page_errors.ReadImages
) -> None:
    """Writes the page, whole or not at all.

    Args:
        path: where; by convention it ends in ``.html``.
        evaluation: one model, or several to be compared with the first.
        read_images: gives the worst images. Where it raises `InputError`,
            the page goes without.
    """
    judgements = evaluation.judgements
    names = ", ".join(title for title, _ in titled(judgements))
    write_page(
        path,
        "How good the detector is, and what it gets wrong",
        f"{names}; judged on the {evaluation.images} images of "
        f"{evaluation.source}.",
        [
            Section("In short", list(_overview(evaluation))),
            Section("COCO's metrics", list(page_scores.metrics(judgements))),
            Section(
                "Which threshold", list(page_scores.thresholds(judgements))
            ),
            Section(
                "Precision and recall", list(page_scores.curves(judgements))
            ),
            Section(
                "What is taken for what",
                list(page_errors.confusions(judgements)),
            ),
            Section("What goes wrong", list(page_errors.errors(judgements))),
            Section(
                "Whether scores can be believed",
                list(page_errors.trust(judgements)),
            ),
            Section(
                "Where it goes wrong",
                list(page_errors.worst(judgements, read_images)),
            ),
            Section("Findings", list(_findings(judgements))),
        ],
    )


def _overview(evaluation: Evaluation) -> Iterator[Block]:
    first = evaluation.judgements[0]
    objects = first.metrics.objects["all"]
    for title, each in titled(evaluation.judgements):
        found = sum(each.analysis.confusion.counts.diagonal())
        figures: list[tuple[str, Cell]] = [
            ("AP", number_text(each.metrics.summary["AP"])),
            ("AP50", number_text(each.metrics.summary["AP50"])),
            ("best threshold", f"{each.analysis.threshold:.2f}"),
            (f"found there, of {objects:,} objects", f"{found:,}"),
            ("false there", f"{_false(each):,}"),
        ]
        if len(evaluation.judgements) > 1:
            yield Text(title)
        yield Figures(figures)
    if first.findings:
        yield Text(
            f"{first.findings[0].text} More findings, and what to do about "
            f"them, stand at the end of the page."
        )
    yield Text(
        "A detection is right where it meets an object of its class with an "
        "IoU (common area by joint area) of at least 0.50; AP is the mean "
        "for ten such limits, 0.50 to 0.95, from 0 to 1. Crowds are neither "
        "found nor missed. n/a is a class or a size without objects."
    )


def _false(judgement: Judgement) -> int:
    errors = judgement.analysis.errors.overall
    return sum(
        error.count
        for kind, error in errors.items()
        if kind != ErrorKind.MISSED.word
    )


def _findings(judgements: Sequence[Judgement]) -> Iterator[Block]:
    for title, each in titled(judgements):
        yield Table(
            ["what was found", "what addresses it"],
            [[finding.text, finding.remedy] for finding in each.findings],
            title,
        )
