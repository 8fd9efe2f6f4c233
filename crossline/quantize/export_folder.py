"""The export folder: a checkpoint in every form that runs elsewhere.

``checkpoint/``, ``saved_model/``, ``pipeline.config``, ``metadata.json``, the
``label_map.pbtxt`` if the checkpoint has one, and the TFLite files asked for.
"""

import shutil
from pathlib import Path
from typing import Any

from crossline.detect.metadata import METADATA_NAME, ModelMetadata
from crossline.errors import InputError
from crossline.files import (
    replacing,
    require_replaceable,
    scratch,
    write_text,
)
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
    require_tflite_scaling,
    restored_model,
)
from crossline.odapi.pipeline_config import (
    PLACEHOLDER,
    read_pipeline,
    write_pipeline,
)
from crossline.quantize.tflite_files import TfliteChoices, TfliteFiles
from crossline.records.label_map import LabelMap


def export_folder(
    checkpoint: Path,
    output: Path,
    choices: TfliteChoices,
    step: int | None = None,
) -> dict[str, int]:
    """Writes an export folder, whole or not at all.

    Args:
        checkpoint: a checkpoint folder.
        output: the folder, replaced if there is one.
        choices: which TFLite files, and how.
        step: the N of ``ckpt-N``; the newest when None.

    Returns:
        Bytes by TFLite file.

    Raises:
        InputError: checkpoint, label map or calibration images are missing,
            or TFLite's detector cannot run such a model; or the checkpoint
            would be replaced, or what is no export folder.
    """
    if output.resolve() == checkpoint.resolve():
        raise InputError(
            output, "would be replaced", remedy="name another --output"
        )
    require_replaceable(output, METADATA_NAME)
    pipeline = read_pipeline(checkpoint / CONFIG_NAME)
    prefix = find_checkpoint(checkpoint, step)
    label_map = _label_map(checkpoint, pipeline)
    metadata = _metadata(output.name, pipeline, label_map)
    # Looked up first: a missing image should not cost the export before it.
    tflite_files = TfliteFiles(pipeline, prefix, choices)
    model = restored_model(pipeline, prefix, with_ranges=False)
    if choices.precisions:
        require_tflite_scaling(model, checkpoint / CONFIG_NAME)
    graph_folder = output.with_name(f"{output.name}.tflite_graph")
    with (
        replacing(output) as draft,
        scratch(graph_folder) as folder,
        naming_a_full_disk(output),
    ):
        folder.mkdir()
        export_saved_model(pipeline, _newest(prefix, folder), draft)
        write_pipeline(_portable(pipeline), draft / CONFIG_NAME)
        if (checkpoint / LABEL_MAP_NAME).is_file():
            shutil.copy(checkpoint / LABEL_MAP_NAME, draft)
        write_text(draft / METADATA_NAME, metadata.to_json())
        tflite_files.write(draft, metadata, folder)
    return {
        path.name: path.stat().st_size
        for path in sorted(output.glob("*.tflite"))
    }


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
