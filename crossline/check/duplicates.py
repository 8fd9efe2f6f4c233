"""Images that are there twice, in one part or, worse, in two."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from crossline.check import findings as kinds
from crossline.check.boxes import Facts
from crossline.check.findings import Finding, Kind
from crossline.check.images import ImageFacts, likeness
from crossline.check.objects import Objects, same_objects
from crossline.check.parts import Part
from crossline.similarity import hash_distance, near_pairs

_ALIKE = 0.9
_MOST_COMPARED = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """An image as one part has it."""

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
    yield from _near(parts, facts, distinct)


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
    for number, part in enumerate(parts):
        for filename in part.filenames():
            found = facts.get(part.image_path(filename))
            if found and not found.problem:
                yield _Entry(number, filename, found)


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
    parts: Sequence[Part], facts: Facts, entries: Sequence[_Entry]
) -> Iterator[Finding]:
    """Yields pairs that look alike; each image once at most."""
    objects = [Objects(part, facts) for part in parts]

    def shows_the_same(entry: _Entry, other: _Entry) -> bool:
        first = objects[entry.part].of(entry.filename)
        return same_objects(first, objects[other.part].of(other.filename))

    for entry, others in _look_alikes(entries):
        later = [other for other in others if other.part > entry.part]
        own = [other for other in others if other.part == entry.part]
        same = [other for other in others if shows_the_same(entry, other)]
        leaks = [other for other in later if other in same]
        twice = [other for other in own if other in same]
        for kind, found in (
            (kinds.LEAKED_NEAR, leaks),
            (kinds.NEAR_DUPLICATE, twice),
            (kinds.SAME_SCENE, later),
        ):
            if found:
                yield _pair(kind, parts, entry, found[0])
                break


def _look_alikes(
    entries: Sequence[_Entry],
) -> Iterator[tuple[_Entry, list[_Entry]]]:
    """Yields each image with those that look alike, the most alike first.

    In its own part those before it, so that a pair comes once; in others
    those of later parts; `_MOST_COMPARED` of each. Of many images with one
    hash (a camera that stands still) some stand for all.
    """
    thumbnails = np.frombuffer(
        b"".join(entry.facts.thumbnail for entry in entries), np.uint8
    ).reshape(len(entries), -1)
    members = _members(entries)
    neighbours = _neighbours(list(members))
    for place, entry in enumerate(entries):
        near = np.array(
            [
                other
                for hash_ in neighbours[entry.facts.hash]
                for part, group in members[hash_].items()
                if part >= entry.part
                for other in group
                if part > entry.part or other < place
            ],
            int,
        )
        alike = likeness(thumbnails[place], thumbnails[near])
        best = np.argsort(-alike, kind="stable")
        ranked = near[best[alike[best] >= _ALIKE]]
        own = [entries[k] for k in ranked if entries[k].part == entry.part]
        later = [entries[k] for k in ranked if entries[k].part > entry.part]
        yield entry, [*later[:_MOST_COMPARED], *own[:_MOST_COMPARED]]


def _members(
    entries: Sequence[_Entry],
) -> dict[int, dict[int, list[int]]]:
    """Returns hash and part to the places of some entries."""
    members: dict[int, dict[int, list[int]]] = {}
    for place, entry in enumerate(entries):
        of_hash = members.setdefault(entry.facts.hash, {})
        group = of_hash.setdefault(entry.part, [])
        if len(group) < _MOST_COMPARED:
            group.append(place)
    return members


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
