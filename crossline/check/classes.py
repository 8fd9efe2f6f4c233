"""Class names: spelt in several ways, misspelt, rare, not in training."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from crossline.annotations.table import has_box
from crossline.check import findings as kinds
from crossline.check.findings import Finding
from crossline.check.parts import Part, is_training
from crossline.records.coco_label_map import COCO_LABEL_MAP

FEW_BOXES = 20
_COCO = tuple(COCO_LABEL_MAP.names.values())
_NEAR = 0.8
_MUCH_RARER = 10


def check_classes(parts: Sequence[Part]) -> Iterator[Finding]:
    """Yields what is odd about the names of the classes."""
    counts = count_classes(parts)
    respelling = spellings(counts)
    for name, frequent in respelling.items():
        detail = f"{name!r} ({counts[name]} boxes), mostly {frequent!r}"
        yield _found(kinds.SPELLING, detail, counts[name])
    clean: Counter[str] = Counter()
    for name, count in counts.items():
        clean[respelling.get(name, name)] += count
    yield from _misspelt(clean)
    yield from _near_coco(clean)
    for name, count in clean.items():
        if count < FEW_BOXES:
            detail = f"{name}: {count} boxes"
            yield _found(kinds.RARE, detail, -count)
    yield from _not_trained(parts, respelling)


def count_classes(parts: Sequence[Part]) -> Counter[str]:
    """Returns how many boxes each class has."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.table.loc[has_box(part.table), "class"].tolist())
    return counts


def spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Maps names to another's more frequent spelling.

    Of names that differ in case, spaces, hyphens and underscores alone.
    Where two are as frequent, COCO's is taken, or the first by alphabet.
    """
    groups = defaultdict(list)
    for name in sorted(counts):
        groups[_bare(name)].append(name)
    chosen = {}
    for group in groups.values():
        best = max(group, key=lambda name: (counts[name], _is_coco(name)))
        chosen.update({name: best for name in group if name != best})
    return chosen


def _misspelt(counts: Mapping[str, int]) -> Iterator[Finding]:
    for name, count in counts.items():
        frequent = [
            other
            for other, more in counts.items()
            if more >= _MUCH_RARER * count and _may_be(name, other)
        ]
        near = _nearest(name, frequent)
        if near:
            detail = (
                f"{name!r} ({count} boxes): is it {near!r} "
                f"({counts[near]} boxes)?"
            )
            yield _found(kinds.MISSPELT, detail, counts[near] / count)


def _near_coco(counts: Mapping[str, int]) -> Iterator[Finding]:
    for name, count in counts.items():
        if _is_coco(name):
            continue
        others = [
            coco
            for coco in _COCO
            if coco not in counts and _may_be(name, coco)
        ]
        near = _nearest(name, others)
        if near:
            detail = f"{name!r} ({count} boxes); COCO has {near!r}"
            yield _found(kinds.NOT_COCO, detail, count)


def _not_trained(
    parts: Sequence[Part], respelling: Mapping[str, str]
) -> Iterator[Finding]:
    training = [part for part in parts if is_training(part)]
    others = [part for part in parts if not is_training(part)]
    if not training:
        return
    learnt = {respelling.get(name, name) for name in count_classes(training)}
    for part in others:
        for name, count in count_classes([part]).items():
            if respelling.get(name, name) not in learnt:
                detail = f"{name}: {count} boxes in {part.name} alone"
                yield Finding(
                    kinds.NOT_TRAINED, part.name, "", detail, weight=count
                )


def _found(kind: kinds.Kind, detail: str, weight: float) -> Finding:
    return Finding(kind, "", "", detail, weight=weight)


def _nearest(name: str, others: Sequence[str]) -> str | None:
    bare = {_bare(other): other for other in others}
    near = get_close_matches(_bare(name), bare, n=1, cutoff=_NEAR)
    return bare[near[0]] if near else None


def _may_be(name: str, other: str) -> bool:
    """Tells whether one name may be a slip of the other.

    COCO's own names are right; ``speed_30`` and ``speed_50`` differ by
    intent.
    """
    are_coco = _is_coco(name) and _is_coco(other)
    digits = re.sub(r"\d", "", name) == re.sub(r"\d", "", other)
    return name != other and not are_coco and not digits


def _bare(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name).casefold()


def _is_coco(name: str) -> bool:
    return name in _COCO
