"""Weight clustering: so few values in each kernel that the file packs well.

The model computes as ever and its file is no smaller; an archive of it is.
tensorflow-model-optimization clusters functional Keras models only. Source:
Han et al., Deep Compression, 2016 (https://arxiv.org/abs/1510.00149).
"""

from typing import Any

from scipy.cluster.vq import kmeans2

from crossline.odapi.checkpoint import weights
from crossline.progress import progress


def cluster_kernels(model: Any, clusters: int) -> None:
    """Gives the values of each kernel to the nearest of `clusters` means.

    Depthwise kernels, which hold few of the weights, stay as they are, and
    so do kernels with fewer values than clusters.

    Args:
        model: a built one, changed in place.
        clusters: values in a kernel; fewer pack better, and detect worse.
    """
    kernels = [
        variable
        for variable in weights(model)
        if len(variable.shape) == 4
        and "depthwise" not in variable.name
        and variable.shape.num_elements() > clusters
    ]
    for kernel in progress(kernels, "clustering", len(kernels), "kernel"):
        values = kernel.numpy()
        means, nearest = kmeans2(values.ravel(), clusters, minit="++", rng=1)
        kernel.assign(means[nearest].reshape(values.shape))
