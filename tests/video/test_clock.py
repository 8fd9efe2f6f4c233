"""Times only grow, whatever the source's clock does."""

from fractions import Fraction

import pytest

from crossline.video.clock import Clock


def times(
    stamps: list[float | None], arrivals: list[float] | None = None
) -> list[float]:
    clock = Clock(Fraction(10))
    if arrivals is None:
        return [clock.time_of(stamp) for stamp in stamps]
    return [
        clock.time_of(stamp, arrived)
        for stamp, arrived in zip(stamps, arrivals, strict=True)
    ]


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        pytest.param([7, 7.1, 7.5], [0, 0.1, 0.5], id="its own times"),
        pytest.param([None, None], [0, 0.1], id="none"),
        pytest.param([5, 5.1, None, 5.3], [0, 0.1, 0.2, 0.3], id="one lacks"),
        pytest.param([5, 5.1, 0, 0.1], [0, 0.1, 0.2, 0.3], id="set back"),
        pytest.param([5, 5, 5], [0, 0.1, 0.2], id="stands still"),
        pytest.param([5, 3605], [0, 3600], id="a gap in a file"),
    ],
)
def test_of_a_file(stamps: list[float | None], expected: list[float]) -> None:
    assert times(stamps) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("stamps", "arrivals", "expected"),
    [
        pytest.param(
            [7, 7.1, 7.2], [50, 50.3, 50.3], [0, 0.1, 0.2], id="late, together"
        ),
        pytest.param(
            [7, 7.1, 1.4, 1.5],
            [50, 50.1, 53, 53.1],
            [0, 0.1, 3, 3.1],
            id="connected again after 3 s, from the start",
        ),
        pytest.param(
            [7, 7.1, 9, 9.1],
            [50, 50.1, 52, 52.1],
            [0, 0.1, 2, 2.1],
            id="connected again after 2 s, going on",
        ),
        pytest.param(
            [7, 7.1, 9000, 9000.1],
            [50, 50.1, 50.2, 50.3],
            [0, 0.1, 0.2, 0.3],
            id="leaps",
        ),
        pytest.param(
            [7, 7.1, -9000, -8999.9],
            [50, 50.1, 50.2, 50.3],
            [0, 0.1, 0.2, 0.3],
            id="leaps back",
        ),
    ],
)
def test_of_a_live_source(
    stamps: list[float | None], arrivals: list[float], expected: list[float]
) -> None:
    assert times(stamps, arrivals) == pytest.approx(expected)
