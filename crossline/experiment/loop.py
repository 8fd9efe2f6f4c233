"""The training loop: steps, rows, checkpoints, validations, an orderly end.

What comes next follows from the step and from `Results` alone, so a run that
was killed anywhere goes on as if it had not been. At a step with a validation
the order is: row, state, scores, best weights; whichever of them a kill
prevents is made up for when the run goes on.
"""

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np

from crossline.command_line import stop_on_interrupt
from crossline.experiment.journal import Journal
from crossline.experiment.results import LOSSES, STEP, losses_of
from crossline.experiment.saving import Keeper
from crossline.geometry import Image
from crossline.odapi.training import Trainer
from crossline.progress import progress

IsStopped = Callable[[], bool]
Scores = Mapping[str, float | None]
Validate = Callable[[IsStopped], tuple[Scores, Sequence[Image]]]
"""Judges the weights as they are; raises `KeyboardInterrupt` when stopped."""


@dataclass(frozen=True)
class Plan:
    """When what happens, in steps.

    Attributes:
        steps: to make in all.
        checkpoint_every: between two states saved.
        validate_every: between two validations; None for none.
        patience: validations without a better AP before it ends; None for
            any number.
        log_every: between two rows.
    """

    steps: int
    checkpoint_every: int
    validate_every: int | None = None
    patience: int | None = None
    log_every: int = 10

    def validates(self, step: int) -> bool:
        """Tells whether a validation follows a step; 0 is before the first."""
        every = self.validate_every
        return every is not None and (step % every == 0 or step == self.steps)

    def logs(self, step: int) -> bool:
        """Tells whether a row follows a step."""
        is_last = step == self.steps
        return step % self.log_every == 0 or is_last or self.validates(step)

    def is_over(self, step: int, validations_since_best: int) -> bool:
        """Tells whether a step was the last."""
        patience = self.patience
        is_stale = patience is not None and validations_since_best >= patience
        return step >= self.steps or is_stale


@dataclass(frozen=True)
class TrainingResult:
    """How a training run ended.

    Attributes:
        step: that the last checkpoint holds.
        losses: of the last row, by `LOSSES`; empty without a step.
        steps_per_second: over the whole run, 0.0 without a step; tracing,
            validations and saving are left out.
    """

    step: int
    losses: Mapping[str, float]
    steps_per_second: float


@dataclass
class _Window:
    """Steps since the last row."""

    steps: list[Mapping[str, Any]] = field(default_factory=list)
    timed_steps: int = 0
    seconds: float = 0.0

    def make_step(self, trainer: Trainer, is_timed: bool) -> None:
        started = perf_counter()
        self.steps.append(trainer.make_step())
        if is_timed:
            self.timed_steps += 1
            self.seconds += perf_counter() - started

    def means(self) -> dict[str, float]:
        """Fetches the losses, which may take until they are computed."""
        started = perf_counter()
        rows = [losses_of(step) for step in self.steps]
        self.seconds += perf_counter() - started if self.timed_steps else 0.0
        return {
            name: float(np.mean([row[name] for row in rows]))
            for name in rows[0]
        }

    @property
    def steps_per_second(self) -> float:
        return self.timed_steps / self.seconds if self.timed_steps else 0.0


def train(
    trainer: Trainer,
    keeper: Keeper,
    journal: Journal,
    plan: Plan,
    validate: Validate | None = None,
) -> TrainingResult:
    """Trains as planned, from where the trainer stands.

    Args:
        trainer: new, or restored by `keeper`.
        keeper: saves it; also when Ctrl-C or SIGTERM stops the loop.
        journal: is written as it goes; holds no row after the trainer's step.
        plan: see there.
        validate: needed where the plan validates.

    Raises:
        InputError: the loss or the weights are no numbers. The last state
            saved is good.
        KeyboardInterrupt: after the state was saved.
    """
    results = journal.results
    step = first = trainer.step
    losses: dict[str, float] = {}
    window, timed_steps, seconds = _Window(), 0, 0.0
    since_best = results.validations_since_best
    with (
        progress(
            range(plan.steps), "training", unit="step", initial=step
        ) as bar,
        stop_on_interrupt(signal.SIGTERM) as is_stopped_here,
        keeper.saving_at_exit(),
    ):
        is_stopped = trainer.agreed(is_stopped_here)
        while True:
            if plan.validates(step):
                assert validate
                if not results.is_validated(step):
                    _save(keeper, journal)
                    journal.validation(step, *validate(is_stopped))
                if results.best and results.best[STEP] == step:
                    keeper.keep_best()
                since_best = results.validations_since_best
            if plan.is_over(step, since_best):
                break
            if is_stopped():
                raise KeyboardInterrupt
            window.make_step(trainer, is_timed=step > first)
            step += 1
            bar.update()
            if plan.logs(step):
                losses = window.means()
                _refuse_divergence(losses, keeper, step)
                journal.training(
                    step,
                    losses,
                    trainer.learning_rate,
                    window.steps_per_second,
                )
                loss = f"loss {losses[LOSSES[0]]:.3f}"
                bar.set_postfix_str(loss, refresh=False)
                timed_steps += window.timed_steps
                seconds += window.seconds
                window = _Window()
            if step % plan.checkpoint_every == 0:
                _save(keeper, journal)
    return TrainingResult(
        step, losses, timed_steps / seconds if timed_steps else 0.0
    )


def _save(keeper: Keeper, journal: Journal) -> None:
    """Rows first: a run that goes on has none to make up for."""
    journal.flush()
    keeper.save()


def _refuse_divergence(
    losses: Mapping[str, float], keeper: Keeper, step: int
) -> None:
    total = losses[LOSSES[0]]
    if not np.isfinite(total):
        raise keeper.divergence(step, f"the loss is {total}")
