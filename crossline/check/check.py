"""All checks of a data set."""

from collections.abc import Iterator, Sequence

from crossline.check import findings as kinds
from crossline.check.boxes import Facts
from crossline.check.classes import check_classes
from crossline.check.duplicates import check_duplicates
from crossline.check.findings import Finding
from crossline.check.images import look_at_all
from crossline.check.parts import Part
from crossline.check.rows import check_rows
from crossline.errors import InputError

BLURRED = 60.0
"""Sharpness below which a photograph is seen to be blurred, see
`crossline.similarity.sharpness`. COCO's and the raccoons' median is 1,250; 3
of their 682 are below."""


def read_facts(parts: Sequence[Part], workers: int | None = None) -> Facts:
    """Decodes every image that the parts name and that exists.

    Raises:
        InputError: none exists.
    """
    named = [
        part.image_path(name) for part in parts for name in part.filenames()
    ]
    there = [path for path in dict.fromkeys(named) if path.is_file()]
    if not there:
        raise InputError(
            parts[0].images,
            f"holds none of the {len(named)} annotated images",
            remedy="check --images",
        )
    return look_at_all(there, workers)


def check(
    parts: Sequence[Part], facts: Facts, input_size: int
) -> list[Finding]:
    """Returns all that is found.

    Args:
        parts: see `read_parts`.
        facts: see `read_facts`.
        input_size: side of the model's square input, pixels.
    """
    found: list[Finding] = []
    for part in parts:
        found += _check_files(part, facts)
        found += check_rows(part, facts, input_size)
    return [*found, *check_classes(parts), *check_duplicates(parts, facts)]


def _check_files(part: Part, facts: Facts) -> Iterator[Finding]:
    for filename in part.filenames():
        path = part.image_path(filename)
        image = facts.get(path)
        if image is None:
            detail = f"not in {part.images}"
            yield Finding(kinds.MISSING_IMAGE, part.name, filename, detail)
            continue
        if image.problem:
            yield Finding(
                kinds.UNREADABLE_IMAGE, part.name, filename, image.problem
            )
            continue
        if image.sharpness < BLURRED:
            detail = f"sharpness {image.sharpness:.0f}, below {BLURRED:g}"
            yield Finding(
                kinds.BLURRED,
                part.name,
                filename,
                detail,
                weight=-image.sharpness,
            )
        if image.orientation != 1:
            detail = f"orientation {image.orientation}"
            yield Finding(kinds.ORIENTED, part.name, filename, detail)
