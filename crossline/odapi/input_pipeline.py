"""Training batches: the API's decoder, augmentation and padding.

Only how records are read is ours, through the hook that the API has for it:
images can be repeated by class (`crossline.odapi.balance`), more workers than
record files share the records, where the API would leave one without, and
seeds reach the augmentation, which the API maps by TensorFlow 1's functions.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from crossline.odapi.balance import Balance, repeat_images, weigh_boxes
from crossline.odapi.upstream import dataset_builder, decoder_builder, inputs

_BUILD = "dataset_build"
_READ_BYTES = 8 * 1000 * 1000


def train_batches(
    pipeline: Any,
    model: Any,
    context: Any = None,
    balance: Balance | None = None,
) -> Any:
    """Returns a `tf.data.Dataset` of batches without end.

    Args:
        pipeline: a configured pipeline.config.
        model: of it; preprocesses the images.
        context: `tf.distribute.InputContext` of one of several pipelines.
        balance: how classes count; None for all the same.
    """
    with _built_by(functools.partial(_build, balance=balance)):
        return inputs.train_input(
            train_config=pipeline.train_config,
            train_input_config=pipeline.train_input_reader,
            model_config=pipeline.model,
            model=model,
            input_context=context,
        ).repeat()


@contextlib.contextmanager
def _built_by(build: Callable[..., Any]) -> Iterator[None]:
    former = inputs.INPUT_BUILDER_UTIL_MAP[_BUILD]
    inputs.INPUT_BUILDER_UTIL_MAP[_BUILD] = build
    try:
        yield
    finally:
        inputs.INPUT_BUILDER_UTIL_MAP[_BUILD] = former


def _build(
    reader: Any,
    *,
    batch_size: int,
    transform_input_data_fn: Callable[[Any], tuple[Any, Any]],
    input_context: Any,
    balance: Balance | None,
    reduce_to_frame_fn: object = None,
) -> Any:
    """Does what `dataset_builder.build` does; see there."""
    decode = decoder_builder.build(reader).decode
    if input_context is not None:
        batch_size = input_context.get_per_replica_batch_size(batch_size)

    def example(serialized: Any) -> tuple[Any, Any]:
        features, labels = transform_input_data_fn(decode(serialized))
        if balance and balance.place == "loss":
            labels = weigh_boxes(labels, balance)
        return features, labels

    records = _records(reader, input_context, balance)
    examples = records.map(example, tf.data.AUTOTUNE)
    batches = examples.batch(batch_size, drop_remainder=True)
    return batches.prefetch(reader.num_prefetch_batches)


def _records(reader: Any, context: Any, balance: Balance | None) -> Any:
    """Returns serialized Examples of one pipeline's part, shuffled."""
    unshuffled = type(reader)()
    unshuffled.CopyFrom(reader)
    unshuffled.shuffle_buffer_size = 1
    patterns = reader.tf_record_input_reader.input_path
    files = sum(len(tf.io.gfile.glob(pattern)) for pattern in patterns)
    pipelines = context.num_input_pipelines if context else 1
    by_file = context if files >= pipelines else None
    records = dataset_builder.read_dataset(
        functools.partial(tf.data.TFRecordDataset, buffer_size=_READ_BYTES),
        list(patterns),
        unshuffled,
        filename_shard_fn=dataset_builder.shard_function_for_context(by_file),
    )
    if pipelines > 1 and by_file is None:
        records = records.shard(pipelines, context.input_pipeline_id)
    if (every := reader.sample_1_of_n_examples) > 1:
        records = records.shard(every, 0)
    if balance and balance.place == "input":
        records = repeat_images(records, balance)
    if reader.shuffle:
        records = records.shuffle(reader.shuffle_buffer_size)
    return records
