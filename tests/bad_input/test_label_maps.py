"""Label maps that are malformed, or do not fit the annotations."""

import pytest

from tests.bad_input.conftest import Lay, Refuses
from tests.bad_input.test_csv import CAR, csv


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(
            "",
            "map.pbtxt: is empty; make one with scripts/make_label_map.py",
            id="empty",
        ),
        pytest.param("# nothing", "map.pbtxt: has no item", id="no item"),
        pytest.param(
            'item {\n  id: 1\n  name "car"\n}',
            "map.pbtxt line 3 column 8: is not a label map (...); expected "
            'item { id: 1 name: "person" } ...',
            id="malformed",
        ),
        pytest.param(
            b"item { id: 1 name: '\xe9' }",
            "map.pbtxt: is not UTF-8 (invalid continuation byte)",
            id="not UTF-8",
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 1 name: 'bus' }",
            "map.pbtxt: id 1 stands for 'car' and 'bus'; ids count from 1, "
            "once each",
            id="id twice",
        ),
        pytest.param(
            "item { id: 1 name: 'car' } item { id: 2 name: 'car' }",
            "map.pbtxt: 'car' has two ids; ids count from 1, once each",
            id="name twice",
        ),
        pytest.param(
            "item { id: 0 name: 'car' }",
            "map.pbtxt: id 0 of 'car' is below 1; ids count from 1, once each",
            id="id 0",
        ),
        pytest.param(
            "item { id: -4 name: 'car' }",
            "map.pbtxt: id -4 of 'car' is below 1; ids count from 1, once "
            "each",
            id="id below 0",
        ),
        pytest.param(
            "item { id: 99999999999 name: 'car' }",
            "map.pbtxt line 1 column ...: is not a label map (...); ...",
            id="id beyond 32 bits",
        ),
        pytest.param(
            "item { id: 1 }",
            "map.pbtxt: id 1 has no name; ids count from 1, once each",
            id="no name",
        ),
        pytest.param(
            "item { id: 1 name: 'cars' }",
            "all.csv: unknown class 'car', did you mean 'cars'? (known: "
            "cars), in 1 rows; rename the class or make another label map",
            id="class that it does not know",
        ),
    ],
)
def test_label_map(
    text: str | bytes, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({**csv(CAR), "map.pbtxt": text, "images/": ""})
    refuses(
        "csv_to_tfrecord all.csv --images images --label-map map.pbtxt "
        "--output records",
        line,
    )
