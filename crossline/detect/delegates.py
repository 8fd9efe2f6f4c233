"""Chips that run a network instead of the processor, by name.

Each needs its maker's library, which no Python package carries.
"""

import ctypes
from pathlib import Path
from typing import Any

from crossline.errors import InputError

LIBRARIES = {
    "edgetpu": "libedgetpu.so.1",
    "gpu": "libtensorflowlite_gpu_delegate.so",
}
_REMEDIES = {
    "edgetpu": "plug in the Coral and install libedgetpu1-std "
    "(coral.ai/software)",
    "gpu": "build TensorFlow Lite's GPU delegate for this machine",
}
_COMPILED = b"edgetpu-custom-op"
"""What edgetpu_compiler puts in the place of layers."""


def load_delegate(runtime: Any, name: str, model: bytes, source: Path) -> Any:
    """Returns a delegate of `LIBRARIES` for the interpreter.

    Args:
        runtime: the interpreter's module.
        name: of the delegate.
        model: that it shall run.
        source: of the model, named in errors.

    Raises:
        InputError: its library is not installed, its hardware is missing, or
            it would leave the model to the processor.
    """
    library = LIBRARIES[name]
    try:
        # Where it is missing, the runtime's own attempt leaves noise behind.
        ctypes.CDLL(library)
        delegate = runtime.load_delegate(library)
    except (OSError, ValueError) as error:
        raise InputError(
            f"--delegate {name}",
            f"{library} cannot be loaded ({error})",
            remedy=f"{_REMEDIES[name]}, or leave it out",
        ) from error
    if name == "edgetpu" and _COMPILED not in model:
        raise InputError(
            source,
            "is not compiled for the Edge TPU",
            remedy="compile it with edgetpu_compiler: docs/edge_devices.md",
        )
    return delegate
