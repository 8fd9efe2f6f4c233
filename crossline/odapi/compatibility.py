"""The Object Detection API of 2022 on today's packages.

`tf-object-detection-api` 0.1 was written for TensorFlow 2.11, numpy 1.23,
Pillow 9 and Keras 2. `apply` mends, before the API is imported, what its
dependencies have removed since; each function below is one mend and says
what was removed by which version. A mend whose ground is gone (the upstream
name that it leans on) raises `IncompatibleError` instead of passing on.

`crossline.odapi.upstream` calls `apply` and is where the rest of this room
takes the API's modules from.
"""

import contextlib
import functools
import importlib
import importlib.machinery
import os
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NoReturn

_KERAS_IMPORTERS = (
    "object_detection.models.keras_models.resnet_v1",
    "object_detection.models.ssd_efficientnet_bifpn_feature_extractor",
)


class IncompatibleError(RuntimeError):
    """An upstream package no longer has what a mend leans on."""


@functools.cache
def apply() -> None:
    """Mends the environment; a second call does nothing.

    Raises:
        IncompatibleError: Keras 3 is in use already, or an upstream name is
            gone.
    """
    use_keras_2()
    restore_control_flow_names()
    replace_estimator()
    replace_tensorflow_io()
    restore_font_getsize()
    restore_numpy_aliases()
    with keras_is_keras_2():
        for name in _KERAS_IMPORTERS:
            importlib.import_module(name)


def use_keras_2() -> None:
    """`tf.keras` is Keras 3 from TensorFlow 2.16 on; the API needs Keras 2.

    TensorFlow reads the variable when `tf.keras` is first touched.
    """
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    import tensorflow as tf

    _require_module("tf_keras")
    home = str(_require(_require(tf, "keras"), "Model").__module__)
    if not home.startswith("tf_keras."):
        raise IncompatibleError(
            f"tf.keras comes from {home}, not from tf_keras: set "
            "TF_USE_LEGACY_KERAS=1 before TensorFlow is imported, and "
            "install tf-keras of TensorFlow's minor version"
        )


def restore_control_flow_names() -> None:
    """By TensorFlow 2.14, `case`, `cond` and `while_loop` had moved away.

    tf_slim's `tfexample_decoder` reads them from `control_flow_ops`.
    """
    import tensorflow as tf

    control_flow_ops = _require_module(
        "tensorflow.python.ops.control_flow_ops"
    )
    for name in ("case", "cond", "while_loop"):
        if not hasattr(control_flow_ops, name):
            setattr(control_flow_ops, name, _require(tf, name))


def replace_estimator() -> None:
    """TensorFlow 2.16 removed Estimator.

    The API imports it at load time, in the TF2 path too, and reads the mode
    names; whatever else it held served TF1 training and raises when called.
    """
    import tensorflow as tf

    v1 = _require(_require(tf, "compat"), "v1")
    if hasattr(v1, "estimator"):
        return
    name = "tensorflow.compat.v1.estimator"
    stub = _stub_module(name)
    stub.__dict__["ModeKeys"] = type(
        "ModeKeys", (), {"TRAIN": "train", "EVAL": "eval", "PREDICT": "infer"}
    )
    for removed in ("Estimator", "EstimatorSpec", "EvalSpec", "TrainSpec"):
        stub.__dict__[removed] = _removed_class(f"{name}.{removed}")
    for submodule, removed in (
        ("export", "ServingInputReceiver"),
        ("tpu", "TPUEstimator"),
    ):
        inner = _stub_module(f"{name}.{submodule}")
        inner.__dict__[removed] = _removed_class(f"{inner.__name__}.{removed}")
        stub.__dict__[submodule] = inner
    v1.__dict__["estimator"] = stub


def replace_tensorflow_io() -> None:
    """tensorflow-io has had no release for TensorFlow 2.17 and later.

    The API imports it for one colour conversion of the DeepMAC model.
    """
    stub = _stub_module("tensorflow_io")
    color = ModuleType("tensorflow_io.experimental.color")
    color.__dict__["rgb_to_lab"] = _removed_class("tensorflow_io's rgb_to_lab")
    experimental = ModuleType("tensorflow_io.experimental")
    experimental.__dict__["color"] = color
    stub.__dict__["experimental"] = experimental


def restore_font_getsize() -> None:
    """Pillow 10 removed `getsize` from its fonts; boxes' labels use it."""
    from PIL import ImageFont

    for name in ("ImageFont", "FreeTypeFont"):
        font = _require(ImageFont, name)
        if not hasattr(font, "getsize"):
            _require(font, "getbbox")
            font.getsize = _getsize


def restore_numpy_aliases() -> None:
    """Numpy 1.24 removed the aliases of Python's types, 2.0 two of its own.

    The API's metrics use `np.float`, `np.NAN` and `np.bool` (which numpy 2
    gave back as its own scalar type), its tests `np.int` and `np.string_`.
    """
    import numpy as np

    for alias, meant in (
        ("float", float),
        ("int", int),
        ("NAN", _require(np, "nan")),
        ("string_", _require(np, "bytes_")),
    ):
        if alias not in np.__dict__:
            setattr(np, alias, meant)


@contextlib.contextmanager
def keras_is_keras_2() -> Iterator[None]:
    """Keras 2.13 made private what the API uses; 3.0 is another library.

    Two modules of the API import it from `keras` by name. While this is open
    they get `tf_keras`'s; afterwards the name is what it was.
    """
    backend = _require_module("tf_keras.src.backend")
    _require(backend, "is_tpu_strategy")
    resnet = _require_module("tf_keras.src.applications.resnet")
    _require(resnet, "ResNet")
    keras = ModuleType("keras")
    applications = ModuleType("keras.applications")
    applications.__dict__["resnet"] = resnet
    keras.__dict__.update(applications=applications, backend=backend)
    hidden = _pop_modules("keras")
    sys.modules.update(
        {keras.__name__: keras, applications.__name__: applications}
    )
    try:
        yield
    finally:
        _pop_modules("keras")
        sys.modules.update(hidden)


def _require(owner: Any, name: str) -> Any:
    try:
        return getattr(owner, name)
    except AttributeError:
        label = getattr(owner, "__name__", repr(owner))
        raise IncompatibleError(_gone(f"{label} has no {name}")) from None


def _require_module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise IncompatibleError(_gone(f"there is no module {name}")) from error


def _gone(what: str) -> str:
    return (
        f"{what} any more: crossline's mends for the Object Detection API "
        "need a look (requirements.txt holds the versions that fit)"
    )


def _pop_modules(package: str) -> dict[str, ModuleType]:
    """Takes a package and what is below it out of `sys.modules`."""
    return {
        name: sys.modules.pop(name)
        for name in list(sys.modules)
        if name == package or name.startswith(f"{package}.")
    }


def _getsize(font: Any, text: str) -> tuple[int, int]:
    """Returns width and height, as Pillow 9 did: from the line's top."""
    left, _, right, bottom = font.getbbox(text)
    return int(right - left), int(bottom)


def _stub_module(name: str) -> ModuleType:
    """Registers an empty module that importers and test loaders can scan."""
    stub = ModuleType(name)
    stub.__spec__ = importlib.machinery.ModuleSpec(name, None)
    sys.modules[name] = stub
    return stub


def _removed_class(name: str) -> type:
    """Returns a class that says, when it is called, that it is gone."""

    def refuse(self: object, *_: object, **__: object) -> NoReturn:
        raise IncompatibleError(f"{name} no longer exists")

    return type(name.rpartition(".")[2], (), {"__init__": refuse})
