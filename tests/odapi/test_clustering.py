"""Few values in each kernel, near those that were there."""

from pathlib import Path

import numpy as np

from crossline.odapi.checkpoint import build_model, weights
from crossline.odapi.clustering import cluster_kernels
from crossline.odapi.pipeline_config import read_pipeline
from tests.tiny_model import TINY_SSD


def test_large_kernels_have_few_values_near_their_own(tmp_path: Path) -> None:
    (tmp_path / "pipeline.config").write_text(TINY_SSD)
    pipeline = read_pipeline(tmp_path / "pipeline.config")
    model = build_model(pipeline.model, is_training=False)
    before = [variable.numpy() for variable in weights(model)]
    cluster_kernels(model, 16)
    clustered = 0
    for variable, values in zip(weights(model), before, strict=True):
        is_kernel = values.ndim == 4 and "depthwise" not in variable.name
        if is_kernel and values.size > 16:
            clustered += 1
            assert np.unique(variable).size <= 16
            # Rounded to 16 even steps, they would be off by a sixteenth of
            # the span at most; means are nearer to most.
            off = np.abs(variable - values)
            assert off.mean() < np.ptp(values) / 32
        else:
            np.testing.assert_array_equal(variable, values)
    assert clustered > 10
