"""The one exception for bad input."""

import pickle
from pathlib import Path

from crossline.errors import InputError


def test_names_file_place_problem_and_remedy() -> None:
    error = InputError(
        Path("train.csv"), "xmax is\n900", place="line 3", remedy="mend it"
    )
    assert str(error) == "train.csv line 3: xmax is 900; mend it"


def test_comes_out_of_another_process_as_it_was_raised() -> None:
    error = InputError("a.csv", "is empty", place="line 1", remedy="fill it")
    received = pickle.loads(pickle.dumps(error))
    assert isinstance(received, InputError)
    assert (str(received), received.problem) == (str(error), error.problem)
