"""What makes counting hard, with exact truth: `benchmarks/hard_cases.py`."""

import pytest

from benchmarks.hard_cases import judge
from crossline.sample.hard_cases import PLANS

SEEDS = (1, 2, 3)
Figures = dict[str, list[tuple[int, int, int]]]


@pytest.fixture(scope="module")
def figures() -> Figures:
    """Crossings and errors of each case by seed."""
    return {
        name: [judge(name, seed, missed=0.1, false=0.05) for seed in SEEDS]
        for name in PLANS
    }


@pytest.mark.parametrize("name", PLANS)
def test_every_count_of_true_boxes_is_exact(
    name: str, figures: Figures
) -> None:
    assert [exact for _, exact, _ in figures[name]] == [0, 0, 0]


def test_a_detector_with_faults_costs_little(
    figures: Figures,
) -> None:
    every = [figure for seeds in figures.values() for figure in seeds]
    crossings = sum(count for count, _, _ in every)
    assert crossings == len(SEEDS) * 41
    assert sum(faulty for _, _, faulty in every) <= 0.02 * crossings
