from pathlib import Path

import pytest

from crossline.demo.counts import Count, CountedVideo
from crossline.demo.scores import DemoScores, ModelScores
from crossline.demo.stages import Stage
from crossline.demo.summary import DemoSummary, require_kept
from crossline.errors import InputError


def model(ap50: float) -> ModelScores:
    return ModelScores(Path("model"), 1, Path("kept"), 0.5, ap50, {})


def summary(
    *,
    saved_model: float = 0.95,
    int8: float = 0.95,
    counted: int = 3,
    seconds: float = 60,
) -> DemoSummary:
    street = CountedVideo({}, {}, [], "street.mp4", "model", 60)
    return DemoSummary(
        [Stage("train", seconds, "train.py")],
        DemoScores(10, model(saved_model), model(int8), {}),
        street,
        [Count("main", "car", "left", counted, true=3)],
        missed=[],
        invented=[],
        footage=None,
        files={},
    )


@pytest.mark.parametrize(
    ("measured", "fails"),
    [
        pytest.param(summary(), None, id="all is well"),
        pytest.param(summary(saved_model=0.90, int8=0.90), None, id="just"),
        pytest.param(
            summary(saved_model=0.8999, int8=0.9),
            "AP50 of the SavedModel",
            id="a weak model",
        ),
        pytest.param(summary(saved_model=0.92, int8=0.90), None, id="0.02"),
        pytest.param(
            summary(saved_model=0.93, int8=0.9099),
            "AP50 of int8",
            id="int8 costs too much",
        ),
        pytest.param(
            summary(counted=2), "counts equal to the truth", id="one too few"
        ),
        pytest.param(
            summary(counted=4), "counts equal to the truth", id="one too many"
        ),
    ],
)
def test_what_is_promised(measured: DemoSummary, fails: str | None) -> None:
    broken = [each.name for each in measured.requirements if not each.holds]
    assert broken == ([fails] if fails else [])
    if not fails:
        require_kept(measured, Path("report.html"))
        return
    with pytest.raises(InputError, match=f"report.html: .*failed; {fails}: "):
        require_kept(measured, Path("report.html"))


def test_a_slow_machine_is_told_and_is_no_failure() -> None:
    slow = summary(seconds=600.5)
    assert "slower  duration: 10 min; promised: at most 10 min" in (
        slow.to_text()
    )
    require_kept(slow, Path("report.html"))
