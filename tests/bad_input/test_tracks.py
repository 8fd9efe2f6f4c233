"""Files of tracks that are none."""

import pytest

from tests.bad_input.conftest import Lay, Refuses

GOOD = "1,1,0,0,5,5,1\n"


@pytest.mark.parametrize(
    ("result", "line"),
    [
        pytest.param(
            "1,1,0,0,5\n",
            "result.txt line 1: has 5 columns; expected 6 to 10: "
            "frame,id,left,top,width,height,score ...",
            id="too few columns",
        ),
        pytest.param(
            f"{GOOD}1,x,0,0,5,5,1\n",
            "result.txt line 2: 'x' is not a number; expected "
            "frame,id,left,top,width,height,score ...",
            id="words",
        ),
        pytest.param(
            "1,1,nan,0,5,5,1\n",
            "result.txt line 1: 'nan' is not a number; expected "
            "frame,id,left,top,width,height,score ...",
            id="nan",
        ),
        pytest.param(
            "0,1,0,0,5,5,1\n",
            "result.txt line 1: frame 0, id 1; both are whole numbers, "
            "frames from 1",
            id="frame 0",
        ),
        pytest.param(
            "1,1.5,0,0,5,5,1\n",
            "result.txt line 1: frame 1, id 1.5; both are whole numbers, "
            "frames from 1",
            id="half an id",
        ),
        pytest.param(
            "1,1,0,0,0,5,1\n",
            "result.txt line 1: a box of 0 x 5 pixels",
            id="no width",
        ),
        pytest.param(
            f"{GOOD}\n{GOOD}",
            "result.txt line 3: frame 1 has id 1 twice",
            id="twice",
        ),
        pytest.param(
            b"\xff\xd8\xff\xe0",
            "result.txt: is no text (...); expected rows of "
            "frame,id,left,top,width,height,score",
            id="a picture",
        ),
    ],
)
def test_rows(
    result: str | bytes, line: str, lay: Lay, refuses: Refuses
) -> None:
    lay({"truth.txt": GOOD, "result.txt": result})
    refuses("evaluate_tracking truth.txt result.txt", line)


def test_a_truth_without_tracks(lay: Lay, refuses: Refuses) -> None:
    lay({"truth.txt": "", "result.txt": GOOD})
    refuses(
        "evaluate_tracking truth.txt result.txt",
        "truth.txt: has no tracks to judge by",
    )


def test_two_lines_of_one_name(lay: Lay, refuses: Refuses) -> None:
    lay({"truth.txt": GOOD, "result.txt": GOOD})
    refuses(
        "evaluate_tracking truth.txt result.txt "
        "--line a=9,0,9,50 --line a=5,0,5,50",
        "name 'a': is given 2 times; give each line and zone a name of its "
        "own",
    )
