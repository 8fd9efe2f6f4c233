"""What an experiment is: the sections and keys of its YAML.

Each key is described where it stands. Defaults are ours; a shipped experiment
(``configs/experiments``) says what it wants otherwise.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

_Share = Annotated[float, Field(ge=0, lt=1)]
_Count = Annotated[int, Field(ge=1)]
_Score = Annotated[float, Field(ge=0, le=1)]
_Weight = Annotated[float, Field(gt=0, allow_inf_nan=False)]
_Path = Annotated[Path, Field(strict=False)]


class Section(BaseModel):
    """Keys that are not known, and values of another type, are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Data(Section):
    """What it learns from, and what it is judged by."""

    train: str
    """Annotations: a COCO or LinkedAI ``.json``, our ``.csv``, a folder of
    VOC or YOLO. With `label_map`, TFRecords: a path or a glob."""
    val: str | None = None
    """As `train`; the best checkpoint is chosen by it. Unset: a share of
    `train`."""
    test: str | None = None
    """As `train`; what comes out is judged by it. Unset: a share of `train`
    where `val` is one too, else `val`."""
    images: _Path | None = None
    """Folder that the annotations' file names are relative to."""
    label_map: _Path | None = None
    """Of TFRecords that are written already."""
    classes: list[str] = []
    """To keep, by name, id or supercategory; all if empty."""
    keep_empty: bool = True
    """Keep images without a kept object: they teach what is none."""
    val_share: _Share = 0.15
    """Of the images, where `val` is unset."""
    test_share: _Share = 0.15
    """Of the images, where `val` and `test` are unset; may be 0."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.label_map is None and self.images is None:
            raise ValueError(
                "needs images (of annotations) or label_map (of TFRecords)"
            )
        if self.label_map is not None and self.val is None:
            raise ValueError("needs val: TFRecords are not parted")
        if self.label_map is not None and self.classes:
            raise ValueError("takes classes of annotations, not of TFRecords")
        if self.val is None and self.val_share == 0:
            raise ValueError("needs val, or a val_share above 0")
        if self.val is None and self.val_share + self.test_share >= 1:
            raise ValueError("leaves nothing to train on: the shares reach 1")
        return self


class Model(Section):
    """Where training starts."""

    checkpoint: _Path
    """Checkpoint folder: of the zoo, an export, a run's ``best``. Or a bare
    ``pipeline.config``, for random weights."""
    fresh_heads: bool = False
    """Start the heads at random even where the checkpoint knows classes."""
    freeze_batch_norm: bool = False
    """Keep the checkpoint's batch statistics; for small batches."""


class Schedule(Section):
    """How long and how fast it learns."""

    steps: _Count = 2000
    """A cosine brings the learning rate to 0 at the last one."""
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    """The highest, after a warm-up of a tenth of the steps. Unset: follows
    from the checkpoint's config and the batch size."""
    validate_every: _Count = 250
    """Steps between two evaluations on `data.val`; one stands at step 0."""
    patience: _Count | None = None
    """Stop after so many evaluations without a better AP."""
    checkpoint_every: _Count = 250
    """Steps that a kill may cost. Evaluations save, too."""
    log_every: _Count = 10
    """Steps that a row of ``results.csv`` sums up."""


class Balance(Section):
    """How much the boxes of each class count; see docs/balance.md."""

    rule: Literal["inverse_frequency", "effective_number"] | None = None
    """How weights follow from the numbers of boxes."""
    weights: dict[str, _Weight] = {}
    """By class, instead of a rule; of the others: 1."""
    place: Literal["loss", "input"] = "loss"
    """Weigh boxes in the loss, or show images more or less often."""
    beta: _Share = 0.999
    """Of ``effective_number``; the nearer to 1, the more it balances."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.rule and self.weights:
            raise ValueError("takes a rule or weights, not both")
        return self


class Distribution(Section):
    """Which devices train, and how they compute; see docs/distribution.md."""

    workers: _Count = 1
    """Processes on this machine's CPU that train together; for rehearsing
    several machines, not for speed."""
    cpu_replicas: _Count = 1
    """Logical CPUs, where there is no GPU; for rehearsing, not for speed."""
    precision: Literal["float32", "bfloat16"] = "float32"
    """Of activations; ``bfloat16`` is for GPUs that have it."""
    xla: bool = False
    """Compile the step; for GPUs."""

    @model_validator(mode="after")
    def _workers_have_one_cpu(self) -> Self:
        if self.workers > 1 and self.cpu_replicas > 1:
            raise ValueError("takes several workers or several cpu_replicas")
        return self


class Export(Section):
    """What is made of the best checkpoint."""

    precisions: list[Literal["fp32", "fp16", "int8"]] = ["fp32", "int8"]
    """TFLite files, beside the SavedModel."""
    calibration_images: _Count = 200
    """Images of `data.train` that calibrate int8."""
    max_detections: _Count = 100
    """Boxes per image that a TFLite file returns."""
    score_threshold: _Score = 0.05
    """Boxes below it never leave a TFLite file."""


class QualityGate(Section):
    """What must hold on `data.test`, or the command ends with status 1."""

    AP: _Score | None = None
    """Least AP of the SavedModel."""
    AP50: _Score | None = None
    """Least AP at IoU 0.50."""
    class_AP: dict[str, _Score] = {}  # noqa: N815
    """Least AP by class."""
    int8_loss: _Score | None = None
    """Most AP that ``model_int8.tflite`` may lose against it."""


class Experiment(Section):
    """One YAML."""

    data: Data
    model: Model
    schedule: Schedule = Schedule()
    augmentation: dict[str, dict[str, Any]] | None = None
    """The Object Detection API's preprocessing steps by name, in their order,
    such as ``random_adjust_brightness: {max_delta: 0.2}``. Unset: those of
    the checkpoint's config; without any, a flip and crops."""
    balance: Balance = Balance()
    batch_size: _Count = 8
    """Images a step, over all replicas."""
    seed: int = 1
    """Of new weights, shuffling, augmentation and the parting of data."""
    deterministic: bool = False
    """The same steps to the last bit on the same machine; slower."""
    distribution: Distribution = Distribution()
    export: Export = Export()
    quality_gate: QualityGate = QualityGate()

    @model_validator(mode="after")
    def _replicas_share_the_batch(self) -> Self:
        replicas = self.distribution.workers * self.distribution.cpu_replicas
        if self.batch_size % replicas:
            raise ValueError(
                f"batch_size {self.batch_size} does not divide by {replicas} "
                f"replicas; choose a multiple of {replicas}"
            )
        return self

    @model_validator(mode="after")
    def _gate_fits_export(self) -> Self:
        gated = self.quality_gate.int8_loss is not None
        if gated and "int8" not in self.export.precisions:
            raise ValueError(
                "quality_gate.int8_loss needs int8 in export.precisions"
            )
        return self
