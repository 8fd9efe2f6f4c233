"""Images that are there twice, in one part or, worse, in two."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crossline.check import findings as kinds
from crossline.check.boxes import Facts
from crossline.check.findings import Finding, Kind
from crossline.check.images import ImageFacts, are_alike
from crossline.check.parts import Part
from crossline.similarity import hash_distance, near_pairs


@dataclass(frozen=True, slots=True)
class _Entry:
    """An image as one part has it; `place` is in the order of all."""

    place: int
    part: int
    filename: str
    facts: ImageFacts


def check_duplicates(parts: Sequence[Part], facts: Facts) -> Iterator[Finding]:
    """Yields each image that another one is the same as, or nearly.

    An image is told once: with its copy in the last part that has one, else
    with the first copy in its own part; where there is none, with one that
    looks nearly the same.
    """
    entries = list(_entries(parts, facts))
    same = _same_files(entries)
    for entry in entries:
        copies = same[entry.facts.digest]
        if copies[-1].part > entry.part:
            yield _pair(kinds.LEAKED_IMAGE, parts, entry, copies[-1])
        first = next(copy for copy in copies if copy.part == entry.part)
        if first is not entry:
            yield _pair(kinds.DUPLICATE, parts, entry, first)
    distinct = [entry for entry in entries if _is_first(entry, same)]
    yield from _near(parts, distinct)


def leaked(parts: Sequence[Part], facts: Facts) -> list[set[str]]:
    """Returns for each part its images that a later part has too."""
    entries = list(_entries(parts, facts))
    same = _same_files(entries)
    names: list[set[str]] = [set() for _ in parts]
    for entry in entries:
        if same[entry.facts.digest][-1].part > entry.part:
            names[entry.part].add(entry.filename)
    return names


def _entries(parts: Sequence[Part], facts: Facts) -> Iterator[_Entry]:
    place = 0
    for number, part in enumerate(parts):
        for filename in part.filenames():
            found = facts.get(part.image_path(filename))
            if found and not found.problem:
                yield _Entry(place, number, filename, found)
                place += 1


def _same_files(entries: Sequence[_Entry]) -> dict[bytes, list[_Entry]]:
    same = defaultdict(list)
    for entry in entries:
        same[entry.facts.digest].append(entry)
    return same


def _is_first(entry: _Entry, same: dict[bytes, list[_Entry]]) -> bool:
    """Tells of one file's entries all but one in each part, and the leaks."""
    copies = same[entry.facts.digest]
    return copies[-1].part == entry.part and entry is next(
        copy for copy in copies if copy.part == entry.part
    )


def _near(
    parts: Sequence[Part], entries: Sequence[_Entry]
) -> Iterator[Finding]:
    """Yields pairs that look alike; each image once at most.

    Of many images with one hash (frames of a camera that stands still) each
    is compared with the first of every part alone.
    """
    firsts: dict[int, dict[int, _Entry]] = defaultdict(dict)
    for entry in entries:
        firsts[entry.facts.hash].setdefault(entry.part, entry)
    neighbours = _neighbours(list(firsts))
    for entry in entries:
        near = [
            first
            for hash_ in neighbours[entry.facts.hash]
            for first in firsts[hash_].values()
            if first.part > entry.part
            or (first.part == entry.part and first.place < entry.place)
        ]
        # Leaks first, then the nearest.
        near.sort(key=lambda other: (-other.part, _distance(entry, other)))
        for other in near:
            if are_alike(entry.facts.thumbnail, other.facts.thumbnail):
                is_leak = other.part > entry.part
                kind = kinds.LEAKED_NEAR if is_leak else kinds.NEAR_DUPLICATE
                yield _pair(kind, parts, entry, other)
                break


def _neighbours(hashes: Sequence[int]) -> dict[int, list[int]]:
    """Returns of each hash those that are near it, itself first."""
    near = {hash_: [hash_] for hash_ in hashes}
    for first, second in near_pairs(np.array(hashes, np.uint64)).tolist():
        near[hashes[first]].append(hashes[second])
        near[hashes[second]].append(hashes[first])
    return near


def _distance(first: _Entry, second: _Entry) -> int:
    return hash_distance(first.facts.hash, second.facts.hash)


def _pair(
    kind: Kind, parts: Sequence[Part], entry: _Entry, other: _Entry
) -> Finding:
    there = parts[other.part].name
    where = f" of {there}" if other.part != entry.part else ""
    bits = _distance(entry, other)
    differing = f", {bits} of 64 bits differ" if bits else ""
    is_same = entry.facts.digest == other.facts.digest
    how = "the same file as" if is_same else "looks like"
    return Finding(
        kind,
        parts[entry.part].name,
        entry.filename,
        f"{how} {other.filename}{where}{differing}",
        other_part=there,
        other_filename=other.filename,
        weight=-bits,
    )
