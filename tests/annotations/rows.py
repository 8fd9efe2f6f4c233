"""Annotations with defaults, and the real data where it is there."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crossline.annotations.table import Annotation, has_box, rows_of, table_of

SHARED = Path(__file__).parents[3] / "shared"
Box = tuple[float, float, float, float]


def row(
    filename: str = "a.jpg",
    class_name: str = "car",
    box: Box = (10, 20, 30, 50),
    **fields: Any,
) -> Annotation:
    size = {"width": 100, "height": 80, **fields}
    edges: dict[str, Any] = dict(
        zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    )
    return Annotation(filename, class_name=class_name, **size, **edges)


def empty(filename: str = "none.jpg", **fields: Any) -> Annotation:
    return Annotation(filename, **{"width": 100, "height": 80, **fields})


def table(*rows: Annotation) -> pd.DataFrame:
    return table_of(rows)


def boxes_of(annotations: pd.DataFrame) -> list[Box]:
    return [
        (found.xmin, found.ymin, found.xmax, found.ymax)
        for found in rows_of(annotations[has_box(annotations)])
    ]


def classes_of(annotations: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (found.filename, found.class_name) for found in rows_of(annotations)
    ]


def require_shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    return path
