"""Training and export, killed or interrupted at any moment, go on."""

import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
import tensorflow as tf

from crossline.detect.detector import open_detector
from soak.killing import kill_at, kill_until_done, measure
from soak.processes import Script
from soak.sizes import SEED, SLOW_KILLS
from soak.training_data import prepare
from tests.tiny_detector import scene

STEPS = 20 * SLOW_KILLS
EVERY = 5
STEP_NAME = "step/.ATTRIBUTES/VARIABLE_VALUE"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("training"), STEPS)


def training(config: Path, output: Path) -> Script:
    where = ("--config", config, "--output", output)
    return Script("train", (*where, "--checkpoint-every", str(EVERY)))


def whole_checkpoints(run: Path) -> list[int]:
    """Reads every tensor of every checkpoint; returns their steps."""
    steps = []
    for index in run.glob("ckpt-*.index"):
        checkpoint = tf.train.load_checkpoint(str(index.with_suffix("")))
        for name in checkpoint.get_variable_to_shape_map():
            checkpoint.get_tensor(name)
        step = int(checkpoint.get_tensor(STEP_NAME))
        assert index.stem == f"ckpt-{step}"
        steps.append(step)
    return sorted(steps)


def test_killed_or_interrupted_training_goes_on_to_its_last_step(
    config: Path,
    tmp_path: Path,
    tell: Callable[[str], None],
) -> None:
    undisturbed = tmp_path / "undisturbed"
    moments = measure(
        training(config, undisturbed),
        lambda: any(undisturbed.glob("ckpt-*.index")),
    )
    run = tmp_path / "run"
    script = training(config, run)
    reached = [0]
    generator = random.Random(SEED)
    for number in range(2 * SLOW_KILLS):
        how = signal.SIGINT if number % 2 else signal.SIGKILL
        # A run's first steps take long; so does what comes before them.
        rest = (moments.done_s - moments.begun_s) / SLOW_KILLS
        seconds = generator.uniform(0.9, 1) * moments.begun_s
        ended = kill_at(script, seconds + generator.uniform(0, rest), how)
        steps = [0, *whole_checkpoints(run)]
        assert steps[-1] >= reached[-1]
        reached.append(steps[-1])
        if ended is None:
            break
        expected = 130 if how == signal.SIGINT else -signal.SIGKILL
        assert ended.status == expected, ended.said
        assert "Traceback" not in ended.said
    script.run()
    assert whole_checkpoints(run)[-1] == STEPS
    ours = {path.name for path in run.iterdir()}
    assert not [name for name in ours if "temp" in name or "part" in name]
    names = sorted({path.name for path in undisturbed.iterdir()} - ours)
    assert not [name for name in names if not name.startswith("ckpt-")]
    tell(
        f"killed and interrupted {len(reached) - 1} times at steps "
        f"{', '.join(map(str, reached[1:]))}; ended at step {STEPS}, every "
        "checkpoint whole"
    )


@pytest.mark.parametrize("there", [False, True], ids=["new", "replaced"])
def test_a_killed_export_leaves_no_half_folder(
    config: Path,
    tmp_path: Path,
    there: bool,
    tell: Callable[[str], None],
) -> None:
    def command(output: Path) -> Script:
        precisions = ("--precisions", "fp32", "int8")
        calibration = ("--calibration-images", "4")
        return Script(
            "export",
            (
                *("--checkpoint", config.parent, "--output", output),
                *(*precisions, *calibration),
            ),
        )

    undisturbed = tmp_path / "undisturbed"
    moments = measure(
        command(undisturbed),
        lambda: any(tmp_path.glob(".undisturbed.*")),
    )
    output = tmp_path / "out" / "model"
    if there:
        command(output).run()
    expected = names(undisturbed)

    def check() -> None:
        assert names(output) == expected or (not there and not output.exists())
        if output.exists():
            for model in (output, output / "model_int8.tflite"):
                open_detector(model).detect(scene())

    killed = kill_until_done(command(output), moments, SLOW_KILLS, check)
    assert names(output) == expected
    assert [path.name for path in output.parent.iterdir()] == ["model"]
    tell(f"{killed} kills; the folder is whole, nothing beside it")


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
