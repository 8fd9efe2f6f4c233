"""A check as a page with pictures."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from crossline.check.findings import (
    Finding,
    Kind,
    Severity,
    by_kind,
    count_severities,
)
from crossline.check.parts import Part, line_of
from crossline.check.pictures import (
    faulty_picture,
    labelled_picture,
    pair_picture,
)
from crossline.check.plots import box_plots, class_plot
from crossline.check.repair import count_actions
from crossline.check.report import Report, tally
from crossline.report.page import (
    Block,
    Cell,
    Figures,
    Gallery,
    Mark,
    Picture,
    Section,
    Table,
    Text,
    write_page,
)

_SAMPLES = 12
_PICTURES = 6
_LISTED = 20
_SEED = 1


def write_report_page(report: Report, path: Path) -> None:
    """Writes the page, whole or not at all."""
    names = ", ".join(str(part.path) for part in report.parts)
    sections = [
        Section("Found", list(_overview(report))),
        *_kind_sections(report),
        Section("Boxes", list(_label_blocks(report))),
        Section("Classes", [_class_table(report)]),
        Section("Samples", [_samples(report)]),
    ]
    title = "What the check of the data set found"
    write_page(path, title, names, sections)


def _overview(report: Report) -> Iterator[Block]:
    parts = report.statistics.parts.values()
    counts = count_severities(report.findings)
    yield Figures(
        [
            ("images", f"{sum(images for images, _ in parts):,}"),
            ("boxes", f"{sum(boxes for _, boxes in parts):,}"),
            ("classes", report.statistics.boxes["class"].nunique()),
            ("without objects", report.statistics.negatives),
            *(
                (f"{severity.word}s", _judged(severity, count))
                for severity, count in counts.items()
            ),
        ]
    )
    rows: list[Sequence[Cell]] = [
        (_word(kind.severity), len(group), kind.title, kind.advice)
        for kind, group in by_kind(report.findings).items()
    ]
    if rows:
        yield Table(("severity", "count", "what", "advice"), rows)
    else:
        yield Text("Nothing is wrong as far as one can tell.")
    if report.left is not None:
        yield Table(
            ("rows", "what --fix did"),
            [
                (count, done)
                for done, count in sorted(
                    count_actions(report.actions).items()
                )
            ],
            f"Left after it: {tally(report.left)}",
        )


def _word(severity: Severity) -> Cell:
    is_error = severity == Severity.ERROR
    return Mark(severity.word, good=False) if is_error else severity.word


def _judged(severity: Severity, count: int) -> Cell:
    if severity == Severity.NOTE:
        return count
    return Mark(f"{count:,}", good=count == 0)


def _kind_sections(report: Report) -> Iterator[Section]:
    for kind, group in by_kind(report.findings).items():
        blocks: list[Block] = [Text(kind.advice)]
        pictures = _pictures(report.parts, kind, group)
        if pictures:
            paired = bool(group[0].other_filename)
            blocks.append(Gallery(pictures, 480 if paired else 320))
        blocks.append(_listed(group))
        yield Section(f"{kind.title} ({len(group):,})", blocks)


def _pictures(
    parts: Sequence[Part], kind: Kind, group: Sequence[Finding]
) -> list[Picture]:
    """Returns the worst of a kind, each image once."""
    by_name = {part.name: part for part in parts}
    worst: dict[tuple[str, str], list[Finding]] = {}
    for finding in group:
        worst.setdefault((finding.part, finding.filename), []).append(finding)
    pictures = []
    for (name, filename), found in list(worst.items())[:_PICTURES]:
        if name not in by_name or not filename:
            continue
        if found[0].other_filename:
            drawn = pair_picture(parts, found[0])
        else:
            rows = {row for finding in found for row in finding.rows}
            drawn = faulty_picture(
                by_name[name], filename, rows, found[0].detail
            )
        if drawn:
            pictures.append(drawn)
    return pictures


def _listed(group: Sequence[Finding]) -> Table:
    rows = [
        (
            finding.part,
            ", ".join(str(line_of(row)) for row in finding.rows),
            finding.filename,
            finding.detail,
        )
        for finding in group[:_LISTED]
    ]
    filled = [any(row[place] for row in rows) for place in range(4)]
    names = ("CSV", "line", "image", "what")
    more = len(group) - len(rows)
    return Table(
        [
            name
            for name, is_filled in zip(names, filled, strict=True)
            if is_filled
        ],
        [
            [
                cell
                for cell, is_filled in zip(row, filled, strict=True)
                if is_filled
            ]
            for row in rows
        ],
        f"The worst {len(rows)}; all are in the JSON beside" if more else "",
    )


def _label_blocks(report: Report) -> Iterator[Block]:
    if report.statistics.boxes.empty:
        yield Text("There are none.")
        return
    yield class_plot(report.statistics)
    yield Gallery(list(box_plots(report.statistics, report.input_size)), 320)


def _class_table(report: Report) -> Table:
    table = report.statistics.classes()
    parts = list(report.statistics.parts) if len(report.parts) > 1 else []
    names = {
        **{part: part for part in parts},
        "boxes": "boxes",
        "images": "images",
        "side": f"median side of {report.input_size} px",
        "tiny": "tiny",
        "aspect": "median aspect",
    }
    rows = [
        [
            str(row[0]),
            *(
                f"{value:.0%}" if name == "tiny" else value
                for name, value in zip(names, row[1:], strict=True)
            ),
        ]
        for row in table[list(names)].itertuples(name=None)
    ]
    return Table(["class", *names.values()], rows)


def _samples(report: Report) -> Gallery:
    """Draws some images, the same for the same data."""
    images = [
        (part, name) for part in report.parts for name in part.filenames()
    ]
    used = {name for part in report.parts for name in part.table["class"]}
    names = sorted(used)
    order = np.random.default_rng(_SEED).permutation(len(images))
    chosen = sorted(order[:_SAMPLES].tolist())
    drawn = [
        labelled_picture(part, filename, names)
        for part, filename in (images[int(place)] for place in chosen)
    ]
    return Gallery([each for each in drawn if each])
