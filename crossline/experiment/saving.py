"""What a run keeps of its model: the newest state, and the best weights."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import tensorflow as tf

from crossline.errors import InputError
from crossline.odapi.checkpoint import restore_objects, save_weights
from crossline.odapi.fake_quantization import is_quantization_aware
from crossline.odapi.training import Trainer


class Keeper:
    """Saves a trainer's state, and goes on from it.

    Args:
        trainer: whose state it is.
        last: folder of ``ckpt-STEP`` files: step, model, optimizer.
        best: folder whose ``checkpoint/`` gets the best weights.
        keep: how many states stay, the newest ones.
    """

    def __init__(
        self,
        trainer: Trainer,
        last: Path,
        best: Path | None = None,
        keep: int = 1,
    ) -> None:
        self._trainer = trainer
        self._last = last
        self._best = best / "checkpoint" if best else None
        self._manager = tf.train.CheckpointManager(
            tf.train.Checkpoint(**trainer.state), str(last), max_to_keep=keep
        )

    def restore(self, folder: Path | None = None) -> bool:
        """Goes on from the newest state; False where there is none.

        Args:
            folder: of the states; `last` if None. Workers that are not the
                chief go on from the chief's.

        Raises:
            InputError: it is damaged or of another model, or one of the two
                trains for int8 and the other does not.
        """
        newest = tf.train.latest_checkpoint(str(folder or self._last))
        if not newest:
            return False
        if is_quantization_aware(newest) != self._trainer.rounds:
            raise InputError(
                newest,
                "was trained without --quantize-from"
                if self._trainer.rounds
                else "was trained with --quantize-from",
                remedy="go on as it began, or name another --output",
            )
        restore_objects(self._trainer.state, newest)
        self._remove_after(self._trainer.step)
        return True

    def save(self) -> None:
        """Saves the state, unless it is saved.

        Raises:
            InputError: the weights are no numbers.
        """
        step = self._trainer.step
        saved = self._manager.latest_checkpoint or ""
        if not saved.endswith(f"ckpt-{step}"):
            if not self._trainer.is_finite():
                raise self.divergence(step, "the weights are no numbers")
            self._manager.save(checkpoint_number=step)

    def keep_best(self) -> None:
        """Saves the weights as the best, unless they are."""
        step = self._trainer.step
        assert self._best
        if not (self._best / f"ckpt-{step}.index").exists():
            save_weights(self._trainer.model, self._best, step)

    @contextlib.contextmanager
    def saving_at_exit(self) -> Iterator[None]:
        """Saves the last step, also when the body is interrupted.

        A step that fails is counted all the same, so it is not saved.
        """
        try:
            yield
        except (InputError, tf.errors.OpError):
            raise
        except BaseException:
            self.save()
            raise
        else:
            self.save()

    def divergence(self, step: int, problem: str) -> InputError:
        """Returns the error for what went wrong at a step."""
        saved = Path(self._manager.latest_checkpoint or "none")
        return InputError(
            self._last,
            f"training diverged: {problem} at step {step}",
            remedy="lower the learning rate, now "
            f"{self._trainer.learning_rate:g}; the last good checkpoint is "
            f"{saved.name}",
        )

    def _remove_after(self, step: int) -> None:
        """Removes what a killed run had begun to save."""
        for file in self._last.glob("ckpt-*"):
            number = file.name.removeprefix("ckpt-").partition(".")[0]
            if number.isdecimal() and int(number) > step:
                file.unlink()
