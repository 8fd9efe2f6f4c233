"""count_video, killed at any moment, leaves what it has seen until then."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from soak.counted import Row, events, frames
from soak.killing import Moments, kill_at, measure
from soak.processes import Script
from soak.sizes import KILLS
from soak.street import CROSSINGS, FPS, LINE, LOOP, write_street

LOOPS = 60
LAG_S = 4
"""Seconds of video that the encoder may still hold, its fragment included."""


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("street")
    return write_street(folder / "street.mp4", LOOPS)


def command(street: Path, model: Path, output: Path) -> Script:
    return Script(
        "count_video",
        (street, "--model", model, "--line", LINE, "--output", output),
    )


@pytest.fixture(scope="module")
def undisturbed(
    street: Path, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Moments, list[Row]]:
    output = tmp_path_factory.mktemp("counted") / "out"
    video = output / "annotated.mp4"
    moments = measure(command(street, model, output), video.exists)
    rows = events(output)
    assert len(rows) == LOOPS * CROSSINGS
    assert frames(video) == LOOPS * LOOP
    return moments, rows


def test_killed_it_leaves_events_and_a_video_that_plays(
    street: Path,
    model: Path,
    undisturbed: tuple[Moments, list[Row]],
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    moments, expected = undisturbed
    lags, killed = [], 0
    for number in range(KILLS):
        output = tmp_path / str(number)
        script = command(street, model, output)
        if kill_at(script, moments.draw()) is None:
            continue
        killed += 1
        if not (output / "events.csv").exists():
            continue
        rows, shown = events(output), frames(output / "annotated.mp4")
        assert rows == expected[: len(rows)]
        # Whatever the video shows is counted.
        due = sum(int(row["frame"]) < shown - 1 for row in expected)
        assert len(rows) >= due
        last = int(rows[-1]["frame"]) if rows else 0
        lags.append(last - shown)
    assert max(lags) <= LAG_S * FPS
    tell(
        f"{killed} runs killed; all events up to the last frame that plays; "
        f"at most {max(0, *lags) / FPS:.1f} s of video lost"
    )


def test_interrupted_it_ends_in_order(
    street: Path,
    model: Path,
    undisturbed: tuple[Moments, list[Row]],
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    moments, expected = undisturbed
    interrupted = 0
    for number in range(KILLS):
        output = tmp_path / str(number)
        script = command(street, model, output)
        ended = kill_at(script, moments.draw(), signal.SIGINT)
        if ended is None:
            continue
        if ended.status == -signal.SIGINT:
            # It hit the interpreter on its way in, or out.
            assert not output.exists() or "Wrote" in ended.said
            continue
        assert "Traceback" not in ended.said
        interrupted += 1
        if not (output / "summary.json").exists():
            assert not output.exists() or not list(output.iterdir())
            continue
        summary = json.loads((output / "summary.json").read_text())
        rows = events(output)
        assert rows == expected[: len(rows)]
        assert summary["is_interrupted"] or rows == expected
        assert summary["frames"] == frames(output / "annotated.mp4")
    tell(f"{interrupted} runs interrupted; video, events, summary agree")


def test_killed_it_can_be_run_again_into_the_same_folder(
    street: Path,
    model: Path,
    undisturbed: tuple[Moments, list[Row]],
    tmp_path: Path,
) -> None:
    moments, expected = undisturbed
    script = command(street, model, tmp_path)
    early = moments.begun_s + (moments.done_s - moments.begun_s) / 4
    assert kill_at(script, early) is not None
    script.run()
    assert events(tmp_path) == expected
    assert {path.name for path in tmp_path.iterdir()} == {
        "annotated.mp4",
        "counts.png",
        "counts_per_minute.csv",
        "events.csv",
        "paths.png",
        "summary.json",
    }
