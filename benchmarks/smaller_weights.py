"""Does pruning or clustering of weights pay? It prepares what to judge.

In: a folder that fine_tuning.sh has filled. Out: FOLDER/pruned and
FOLDER/clustered, checkpoint folders for export.py and evaluate.py.

Pruned: trained as fine_tuning.sh does with seed 1, while half of each
kernel's values, the smallest, become and stay 0, at the pace of
tensorflow-model-optimization's `PolynomialDecay`. (Its wrappers take
functional models only.) Clustered: run_1's kernels, each rounded to 32
values by k-means. Batch norm, biases and depthwise kernels, which hold few of
the weights, stay as they are.

Sources: Zhu and Gupta, To prune, or not to prune, 2017; Han et al., Deep
Compression, 2016.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf
from scipy.cluster.vq import kmeans2
from tensorflow_model_optimization.sparsity.keras import PolynomialDecay

from crossline.odapi.checkpoint import (
    CONFIG_NAME,
    LABEL_MAP_NAME,
    build_model,
    find_checkpoint,
    restore,
    save_weights,
    weights,
)
from crossline.odapi.distribution import mirrored_strategy
from crossline.odapi.pipeline_config import read_pipeline
from crossline.odapi.training import Trainer
from crossline.progress import progress

SPARSITY = 0.5
PRUNE_EVERY = 10
CLUSTERS = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pipeline = read_pipeline(folder / "config" / CONFIG_NAME)
    keep(folder, "clustered", clustered(pipeline, folder / "run_1"))
    keep(folder, "pruned", pruned(pipeline))


def clustered(pipeline: Any, run: Path) -> Any:
    """Returns a run's model with 32 values in each kernel."""
    model = build_model(pipeline.model, is_training=False)
    restore(model, find_checkpoint(run))
    kernels = large_kernels(model)
    for kernel in progress(kernels, "clustering", len(kernels), "kernel"):
        values = kernel.numpy()
        means, nearest = kmeans2(values.ravel(), CLUSTERS, minit="++", rng=1)
        kernel.assign(means[nearest].reshape(values.shape))
    return model


def pruned(pipeline: Any) -> Any:
    """Returns a model trained with half of each kernel's values at 0."""
    steps = pipeline.train_config.num_steps
    tf.keras.utils.set_random_seed(1)
    trainer = Trainer(pipeline, mirrored_strategy())
    kernels = large_kernels(trainer.model)
    masks = [tf.ones_like(kernel) for kernel in kernels]
    schedule = PolynomialDecay(0.0, SPARSITY, 0, 2 * steps // 3, frequency=1)
    for step in progress(range(steps), "pruning", steps, "step"):
        trainer.make_step()
        if step % PRUNE_EVERY == 0:
            sparsity = float(schedule(step)[1])
            masks = [mask_of(kernel.numpy(), sparsity) for kernel in kernels]
        for kernel, mask in zip(kernels, masks, strict=True):
            kernel.assign(kernel * mask)
    return trainer.model


def mask_of(
    kernel: npt.NDArray[np.float32], sparsity: float
) -> npt.NDArray[np.float32]:
    """Returns 0 for the smallest values, a share `sparsity` of all."""
    sizes = np.abs(kernel)
    mask: npt.NDArray[np.bool_] = sizes >= np.quantile(sizes, sparsity)
    return mask.astype(np.float32)


def large_kernels(model: Any) -> list[Any]:
    return [
        variable
        for variable in weights(model)
        if len(variable.shape) == 4 and "depthwise" not in variable.name
    ]


def keep(folder: Path, name: str, model: Any) -> None:
    """Writes a checkpoint folder that export.py takes."""
    save_weights(model, folder / name / "checkpoint")
    for file in (CONFIG_NAME, LABEL_MAP_NAME):
        shutil.copy(folder / "run_1" / file, folder / name)


if __name__ == "__main__":
    main()
