"""TensorFlow Lite's interpreter, whatever it is called today.

LiteRT is the name of TensorFlow Lite since 2024; `tflite_runtime` and
TensorFlow carry earlier ones.
"""

import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crossline.detect.delegates import load_delegate
from crossline.errors import InputError

AGAIN = "export it again with scripts/export.py"
_RUNTIMES = (
    "ai_edge_litert.interpreter",
    "tflite_runtime.interpreter",
    "tensorflow.lite.python.interpreter",
)


def load_interpreter(
    model: bytes,
    source: Path,
    *,
    threads: int,
    xnnpack: bool = True,
    delegate: str | None = None,
) -> Any:
    """Returns an interpreter that is ready to run.

    Args:
        model: a TFLite flatbuffer.
        source: named in errors.
        threads: of the network's kernels.
        xnnpack: whether XNNPACK computes what it can, as is TFLite's default;
            without it, TFLite's own kernels do, in one thread.
        delegate: see `crossline.detect.delegates`.

    Raises:
        InputError: it is no model, or the delegate is not there or does not
            take it.
    """
    runtime = _runtime()
    options: dict[str, Any] = {}
    if not xnnpack:
        options["experimental_op_resolver_type"] = (
            runtime.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
        )
    if delegate:
        loaded = load_delegate(runtime, delegate, model, source)
        options["experimental_delegates"] = [loaded]
    with refusing(source):
        interpreter = runtime.Interpreter(
            model_content=model, num_threads=threads, **options
        )
        interpreter.allocate_tensors()
        _post_process_in_one_thread(interpreter)
        return interpreter


@contextlib.contextmanager
def refusing(source: Path) -> Iterator[None]:
    """Raises InputError of `source` for what TFLite does not like."""
    try:
        yield
    except (ValueError, RuntimeError) as error:
        raise InputError(
            source, f"TFLite cannot load it ({error})", remedy=AGAIN
        ) from error


def _post_process_in_one_thread(interpreter: Any) -> None:
    """Keeps the detection op from losing whole classes.

    With two threads its regular NMS forgets classes that fall between them
    (tensorflow/tensorflow#56058, still so in LiteRT 2.3). The network itself
    keeps its threads: XNNPACK took them when the tensors were allocated.
    """
    interpreter._interpreter.SetNumThreads(1)


def _runtime() -> Any:
    """Returns the module of LiteRT's interpreter, or of what came before."""
    *newer, last = _RUNTIMES
    for name in newer:
        with contextlib.suppress(ModuleNotFoundError):
            return importlib.import_module(name)
    return importlib.import_module(last)
