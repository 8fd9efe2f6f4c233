"""From CSVs and a folder of images to a report and repaired CSVs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from crossline.annotations.table import write_csv
from crossline.check import findings as kinds
from crossline.check.check import check, read_facts
from crossline.check.findings import Finding
from crossline.check.images import unlabelled
from crossline.check.page import write_report_page
from crossline.check.parts import Part, read_parts
from crossline.check.repair import repair
from crossline.check.report import Report
from crossline.check.statistics import statistics_of
from crossline.errors import InputError
from crossline.files import write_text


def check_dataset(
    csvs: Sequence[Path],
    images: Path | None,
    page: Path,
    *,
    fix: Path | None = None,
    input_size: int = 300,
    workers: int | None = None,
) -> Report:
    """Checks a data set, writes the report, and repairs if asked to.

    Args:
        csvs: its parts; those with "train" in their names are trained on.
        images: the images' folder; each CSV's own where None.
        page: the report, ending in ``.html``; the JSON goes beside it.
        fix: folder for the repaired CSVs; of one CSV also a name ending in
            ``.csv``. None to repair nothing.
        input_size: side of the model's square input, pixels.
        workers: processes; None for one per core.

    Raises:
        InputError: a file is no annotations CSV, no annotated image is
            there, or a repaired CSV would overwrite a checked one.
    """
    repaired_paths = _repaired_paths(csvs, fix) if fix else None
    parts = read_parts(csvs, images)
    facts = read_facts(parts, workers)
    found = [*check(parts, facts, input_size), *_strays(parts)]
    statistics = statistics_of(parts, facts, input_size)
    report = Report(parts, facts, statistics, found, input_size)
    if repaired_paths:
        report = _repaired(report, repaired_paths)
    write_report_page(report, page)
    write_text(page.with_suffix(".json"), report.to_json())
    return report


def _repaired(report: Report, paths: Mapping[Path, Path]) -> Report:
    parts, actions = repair(report.parts, report.facts)
    for part in parts:
        write_csv(part.table, paths[part.path])
    left = report.findings
    if actions:
        checked_again = check(parts, report.facts, report.input_size)
        left = [*checked_again, *_strays(report.parts)]
    return replace(report, actions=actions, left=left)


def _repaired_paths(csvs: Sequence[Path], fix: Path) -> dict[Path, Path]:
    is_file = fix.suffix.lower() == ".csv"
    if is_file and len(csvs) > 1:
        raise InputError(fix, "is one file, for several CSVs; name a folder")
    paths = {csv: fix if is_file else fix / csv.name for csv in csvs}
    if len(set(paths.values())) < len(paths):
        raise InputError(fix, "two CSVs have one name; repair each by itself")
    checked = {csv.resolve() for csv in csvs}
    for path in paths.values():
        if path.resolve() in checked:
            raise InputError(
                path, "would be overwritten", remedy="name another --fix"
            )
    return paths


def _strays(parts: Sequence[Part]) -> Iterator[Finding]:
    """Yields the images of the parts' folders that no part names."""
    named = {
        part.image_path(name) for part in parts for name in part.filenames()
    }
    for folder in sorted({part.images for part in parts}):
        for path in unlabelled(folder, named):
            name = path.relative_to(folder).as_posix()
            yield Finding(kinds.UNLABELLED, "", name, f"in {folder}")
