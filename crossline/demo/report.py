"""The demo's report: one page that shows whether to believe it."""

import os
from pathlib import Path

from crossline.demo.evidence import Evidence
from crossline.demo.plots import plot_stages
from crossline.demo.stages import duration
from crossline.demo.summary import DemoSummary, Requirement, versions
from crossline.report.page import (
    Block,
    Code,
    Figures,
    Mark,
    Section,
    Table,
    Text,
    plot,
    write_page,
)


def write_report(path: Path, summary: DemoSummary, evidence: Evidence) -> None:
    """Writes the page.

    Raises:
        InputError: an image or a video that it shows cannot be read.
    """
    street = duration(summary.street.duration_s)
    write_page(
        path,
        "The demo, and whether to believe it",
        f"A detector was fine-tuned on drawn images and counted {street} of a "
        "drawn street, of which every crossing is known: by the same scripts "
        "that take your images and your videos.",
        [
            Section("What came of it", _outcome(summary)),
            *evidence.sections(),
            Section("Where the time went", _time(summary)),
            Section("How it was made", _making(summary)),
        ],
    )


def _outcome(summary: DemoSummary) -> list[Block]:
    size = _megabytes(summary.scores.int8.size)
    speed = f"{summary.street.processed_fps:.0f} fps"
    return [
        Figures(
            [
                *(
                    (each.name, _judged(each, each.found))
                    for each in summary.requirements
                ),
                ("int8 model", size),
                ("counting", speed),
            ]
        ),
        Table(
            ["", "promised", "found", ""],
            [
                [
                    each.name,
                    each.wanted,
                    each.found,
                    _judged(each, each.verdict),
                ]
                for each in summary.requirements
            ],
        ),
    ]


def _judged(requirement: Requirement, text: str) -> Mark | str:
    """Returns text in green or red; a slow machine is nobody's failure."""
    is_judged = requirement.holds or requirement.is_decisive
    return Mark(text, requirement.holds) if is_judged else text


def _time(summary: DemoSummary) -> list[Block]:
    return [
        plot(
            plot_stages(summary.stages),
            f"{duration(summary.seconds)} in all, but for this report, on "
            f"{os.cpu_count()} cores",
        )
    ]


def _making(summary: DemoSummary) -> list[Block]:
    return [
        Code("\n".join(stage.command for stage in summary.stages)),
        Table(
            ["made", "size"],
            [[path, _megabytes(size)] for path, size in summary.files.items()],
        ),
        Text(", ".join(f"{name} {at}" for name, at in versions().items())),
    ]


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
