import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from crossline.evaluate.plain import json_text


@dataclass(frozen=True)
class Point:
    name: str
    at: Path
    values: np.ndarray
    more: dict[str, float | None]


def test_all_of_it() -> None:
    values = np.array([[0.1 + 0.2, np.nan], [1, 2]])
    point = Point("é", Path("a/b"), values, {"f1": 1 / 3, "none": None})
    text = json_text({"points": [point, point]})
    assert json.loads(text)["points"][1] == {
        "name": "é",
        "at": "a/b",
        "values": [[0.3, None], [1, 2]],
        "more": {"f1": 1 / 3, "none": None},
    }
    assert "é" in text


def test_numbers_stand_on_one_line() -> None:
    text = json_text({"values": np.arange(3), "names": ["a, b", "c"]})
    assert text.splitlines() == [
        "{",
        '  "values": [ 0, 1, 2 ],',
        '  "names": [',
        '    "a, b",',
        '    "c"',
        "  ]",
        "}",
    ]
