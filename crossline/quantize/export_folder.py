"""The export folder: a checkpoint in every form that runs elsewhere.

``checkpoint/``, ``saved_model/``, ``pipeline.config``, ``metadata.json``, the
``label_map.pbtxt`` if the checkpoint has one, and the TFLite files asked for.
"""

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from crossline.detect.metadata import METADATA_NAME, ModelMetadata
from crossline.errors import InputError
from crossline.files import replacing, scratch, write_text
from crossline.odapi.checkpoint import (
    CONFIG_NAME,
    LABEL_MAP_NAME,
    checkpoint_label_map,
    find_checkpoint,
    input_size,
    naming_a_full_disk,
)
from crossline.odapi.export import (
    export_saved_model,
    export_tflite_graph,
)
from crossline.odapi.fake_quantization import is_quantization_aware
from crossline.odapi.pipeline_config import (
    PLACEHOLDER,
    read_pipeline,
    write_pipeline,
)
from crossline.quantize.calibration import Calibration, calibration_inputs
from crossline.quantize.convert import (
    Precision,
    convert,
    converter_for,
    write_tflite,
)
from crossline.quantize.layer_errors import (
    int8_debugger,
    layer_errors,
    quantize_but,
    report_sections,
    worst,
)
from crossline.records.label_map import LabelMap
from crossline.report.page import write_page

REPORT_NAME = "quantization.html"
_DEBUG_IMAGES = 20
"""The debugger's own kernels take seconds an image; errors vary little."""


@dataclass(frozen=True)
class Selection:
    """What is quantized to int8, and what is told of it.

    Attributes:
        float_layers: that many layers stay float, those that int8 hurts most.
        report: whether each layer's error is written down, see `REPORT_NAME`.
    """

    float_layers: int = 0
    report: bool = False


NOTHING_FLOAT = Selection()


@dataclass(frozen=True)
class PostProcessing:
    """What TFLite's detection op does, see `export_tflite_graph`."""

    max_detections: int
    score_threshold: float
    regular_nms: bool


def export_folder(
    checkpoint: Path,
    output: Path,
    *,
    step: int | None,
    precisions: Sequence[Precision],
    calibration: Calibration,
    post_processing: PostProcessing,
    selection: Selection = NOTHING_FLOAT,
    clusters: int | None = None,
) -> dict[str, int]:
    """Writes an export folder, whole or not at all.

    Args:
        checkpoint: a checkpoint folder.
        output: the folder, replaced if there is one.
        step: the N of ``ckpt-N``; the newest when None.
        precisions: TFLite files to make.
        calibration: for int8.
        post_processing: of the TFLite files.
        selection: for int8.
        clusters: of the TFLite files, see `export_tflite_graph`.

    Returns:
        Bytes by TFLite file.

    Raises:
        InputError: checkpoint, label map or calibration images are missing;
            or the checkpoint would be replaced.
    """
    if output.resolve() == checkpoint.resolve():
        raise InputError(
            output, "would be replaced", remedy="name another --output"
        )
    pipeline = read_pipeline(checkpoint / CONFIG_NAME)
    prefix = find_checkpoint(checkpoint, step)
    label_map = _label_map(checkpoint, pipeline)
    metadata = _metadata(output.name, pipeline, label_map)
    has_ranges = is_quantization_aware(prefix)
    if has_ranges and selection != NOTHING_FLOAT:
        raise InputError(
            prefix,
            "learnt its int8 in training, all layers together",
            remedy="leave out --float-layers and --report",
        )
    # Looked up first: a missing image should not cost the export before it.
    inputs = (
        calibration_inputs(pipeline, calibration)
        if "int8" in precisions and not has_ranges
        else []
    )
    graph_folder = output.with_name(f"{output.name}.tflite_graph")
    with (
        replacing(output) as draft,
        scratch(graph_folder) as folder,
        naming_a_full_disk(output),
    ):
        folder.mkdir()
        weights = _newest(prefix, folder)
        export_saved_model(pipeline, weights, draft)
        write_pipeline(_portable(pipeline), draft / CONFIG_NAME)
        if (checkpoint / LABEL_MAP_NAME).is_file():
            shutil.copy(checkpoint / LABEL_MAP_NAME, draft)
        write_text(draft / METADATA_NAME, metadata.to_json())
        for precision in precisions:
            is_learnt = has_ranges and precision == "int8"
            graph = folder / ("with_ranges" if is_learnt else "float")
            if not graph.exists():
                export_tflite_graph(
                    pipeline,
                    prefix,
                    graph,
                    **asdict(post_processing),
                    with_ranges=is_learnt,
                    clusters=clusters,
                )
            if precision == "int8" and selection != NOTHING_FLOAT:
                model = _convert_selected(graph, inputs, selection, draft)
            else:
                model = convert(
                    graph, precision, None if is_learnt else inputs
                )
            write_tflite(model, metadata, draft / f"model_{precision}.tflite")
    return {
        path.name: path.stat().st_size
        for path in sorted(output.glob("*.tflite"))
    }


def _convert_selected(
    graph: Path,
    inputs: Sequence[npt.NDArray[np.float32]],
    selection: Selection,
    folder: Path,
) -> bytes:
    """Converts to int8 layer by layer; the report goes into the folder."""
    debugger = int8_debugger(
        converter_for(graph, "int8", inputs), inputs[:_DEBUG_IMAGES]
    )
    errors = layer_errors(debugger)
    float_layers = worst(errors, selection.float_layers)
    if selection.report:
        write_page(
            folder / REPORT_NAME,
            "int8, layer by layer",
            f"{len(errors)} layers, {len(float_layers)} of them left float; "
            f"measured on {len(inputs[:_DEBUG_IMAGES])} calibration images.",
            report_sections(errors, float_layers),
        )
    return quantize_but(debugger, float_layers)


def _label_map(checkpoint: Path, pipeline: Any) -> LabelMap:
    num_classes = pipeline.model.ssd.num_classes
    label_map = checkpoint_label_map(checkpoint, num_classes)
    if label_map is None:
        raise InputError(
            checkpoint / LABEL_MAP_NAME,
            f"no such file; {num_classes} classes have no names",
            remedy="put the label map that it was trained with there",
        )
    if max(label_map.names) < num_classes:
        # Whoever opens the files would think them another model's labels.
        raise InputError(
            checkpoint / LABEL_MAP_NAME,
            f"has ids up to {max(label_map.names)}, but num_classes of "
            f"{CONFIG_NAME} is {num_classes}",
            remedy="name the others in it, too",
        )
    return label_map


def _metadata(name: str, pipeline: Any, label_map: LabelMap) -> ModelMetadata:
    height, width = input_size(pipeline.model)
    return ModelMetadata(
        name=name,
        classes=label_map.names,
        input_height=height,
        input_width=width,
        architecture=pipeline.model.ssd.feature_extractor.type,
    )


def _newest(prefix: str, folder: Path) -> Path:
    """Names `prefix` in a folder of its own as TensorFlow's newest.

    The API's exporters take the newest checkpoint of a folder and know no
    other; links spare the copy.
    """
    source = Path(prefix).resolve()
    weights = folder / "weights"
    weights.mkdir()
    for file in source.parent.glob(f"{source.name}.*"):
        (weights / file.name).symlink_to(file)
    (weights / "checkpoint").write_text(
        f'model_checkpoint_path: "{source.name}"\n'
    )
    return weights


def _portable(pipeline: Any) -> Any:
    """Returns the config without the paths of the machine that trained."""
    portable = type(pipeline)()
    portable.CopyFrom(pipeline)
    portable.train_config.ClearField("fine_tune_checkpoint")
    for reader in (portable.train_input_reader, *portable.eval_input_reader):
        reader.label_map_path = PLACEHOLDER
        reader.tf_record_input_reader.ClearField("input_path")
        reader.tf_record_input_reader.input_path.append(PLACEHOLDER)
    return portable
