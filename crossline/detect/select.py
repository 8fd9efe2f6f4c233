"""Which detections are wanted: by class and score."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from crossline.errors import InputError
from crossline.geometry import Detections


def wanted_class_ids(
    names: Iterable[str], class_names: Mapping[int, str], model: Path
) -> list[int]:
    """Looks names up in a model's classes; all of them when none are given.

    Raises:
        InputError: the model does not know a name.
    """
    ids = {name: class_id for class_id, name in class_names.items()}
    for name in names:
        if name not in ids:
            near = get_close_matches(name, ids, n=1)
            hint = f", did you mean {near[0]!r}?" if near else ""
            raise InputError(
                model,
                f"knows no class {name!r}{hint}",
                remedy=f"it knows {', '.join(ids)}",
            )
    return [ids[name] for name in names] or list(class_names)


def select(
    detections: Detections, class_ids: Iterable[int], min_score: float
) -> Detections:
    """Keeps detections of these classes with at least this score.

    A box with an edge that is no finite number is none.
    """
    wanted = np.isin(detections.class_ids, list(class_ids))
    wanted &= np.isfinite(detections.boxes).all(axis=1)
    return detections[wanted & (detections.scores >= min_score)]
