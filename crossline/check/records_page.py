"""What TFRecords hold, as a table for the terminal and as a page."""

from collections.abc import Iterator
from pathlib import Path

from crossline.check.pictures import boxes_picture
from crossline.check.plots import box_plots, class_plot
from crossline.check.records import Inspection, names_of
from crossline.errors import InputError
from crossline.report.page import (
    Block,
    Figures,
    Gallery,
    Mark,
    Picture,
    Section,
    Table,
    Text,
    write_page,
)

_SIDE = "median side of {} px"


def inspection_text(inspection: Inspection) -> str:
    """Returns a row per class, a row per set, and what is odd."""
    classes = inspection.statistics.classes().reset_index(names="class")
    classes.insert(
        1, "id", [_ids(inspection, str(name)) for name in classes["class"]]
    )
    columns = ["class", "id", *inspection.statistics.parts, "images", "side"]
    table = classes[columns].rename(
        columns={"side": _SIDE.format(inspection.input_size)}
    )
    lines = [] if table.empty else [table.to_string(index=False)]
    for name, (images, boxes) in inspection.statistics.parts.items():
        lines.append(f"{name}: {images} images, {boxes} boxes")
    lines += [f"{what}: {found}" for what, found in _facts(inspection)]
    lines += [f"odd: {count} x {what}" for what, count in _odd(inspection)]
    return "\n".join(lines)


def write_inspection(inspection: Inspection, path: Path) -> None:
    """Writes the page, whole or not at all."""
    statistics = inspection.statistics
    sections = [Section("Found", list(_overview(inspection)))]
    if not statistics.boxes.empty:
        plots = list(box_plots(statistics, inspection.input_size))
        sections.append(
            Section("Boxes", [class_plot(statistics), Gallery(plots, 320)])
        )
        sections.append(Section("Classes", [_class_table(inspection)]))
    sections.append(Section("Samples", [Gallery(list(_samples(inspection)))]))
    names = ", ".join(statistics.parts)
    files = inspection.files
    folders = sorted({str(file.parent) for file in files})
    write_page(
        path,
        f"Records: {names}",
        f"{len(files)} files in {', '.join(folders)}",
        sections,
    )


def _overview(inspection: Inspection) -> Iterator[Block]:
    statistics = inspection.statistics
    parts = statistics.parts.values()
    yield Figures(
        [
            ("images", f"{sum(images for images, _ in parts):,}"),
            ("boxes", f"{sum(boxes for _, boxes in parts):,}"),
            ("classes", len(inspection.class_ids)),
            *_facts(inspection),
        ]
    )
    if len(statistics.parts) > 1:
        yield Table(
            ["set", "images", "boxes"],
            [[name, *counts] for name, counts in statistics.parts.items()],
        )
    odd = _odd(inspection)
    if odd:
        yield Table(
            ["count", "what is odd"],
            [[Mark(str(count), False), what] for what, count in odd],
        )
    else:
        yield Text("Nothing is odd as far as headers tell.")


def _facts(inspection: Inspection) -> list[tuple[str, str | int]]:
    size = sum(path.stat().st_size for path in inspection.files) / 1e6
    return [
        ("without objects", inspection.statistics.negatives),
        ("crowd boxes", inspection.crowd),
        ("images by format", _counted(inspection)),
        ("files", len(inspection.files)),
        ("MB", f"{size:,.1f}"),
    ]


def _counted(inspection: Inspection) -> str:
    formats = inspection.formats.most_common()
    return ", ".join(f"{count:,} {name}" for name, count in formats)


def _odd(inspection: Inspection) -> list[tuple[str, int]]:
    several = {
        f"class {name} has the ids {_ids(inspection, name)}": 1
        for name, ids in inspection.class_ids.items()
        if len(ids) > 1
    }
    return [*several.items(), *inspection.remarks.most_common()]


def _ids(inspection: Inspection, name: str) -> str:
    return ", ".join(map(str, sorted(inspection.class_ids[name])))


def _class_table(inspection: Inspection) -> Table:
    table = inspection.statistics.classes()
    parts = list(inspection.statistics.parts)
    rows = [
        [str(name), _ids(inspection, str(name)), *values]
        for name, *values in table[
            [*parts, "images", "side", "aspect"]
        ].itertuples(name=None)
    ]
    side = _SIDE.format(inspection.input_size)
    columns = ["class", "id", *parts, "images", side, "median aspect"]
    return Table(columns, rows)


def _samples(inspection: Inspection) -> Iterator[Picture]:
    class_names = sorted(inspection.class_ids)
    for record in inspection.samples:
        try:
            image = record.image()
        except InputError:
            continue
        names = names_of(record)
        yield boxes_picture(
            image,
            record.boxes,
            names,
            class_names,
            f"{record.filename}: {len(names)} boxes",
        )
