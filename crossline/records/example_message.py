"""``tf.train.Example`` without TensorFlow, which takes seconds to import.

The message is declared here again, as in tensorflow/core/example/example.proto
and feature.proto; serialised deterministically, its bytes are TensorFlow's.
"""

from typing import Any

from google.protobuf import (
    descriptor_pb2,
    descriptor_pool,
    message_factory,
)

_PACKAGE = "tensorflow"
_LENGTH_DELIMITED = 2
"""Wire type: https://protobuf.dev/programming-guides/encoding/"""
_Field = descriptor_pb2.FieldDescriptorProto
_LISTS = {
    "BytesList": _Field.TYPE_BYTES,
    "FloatList": _Field.TYPE_FLOAT,
    "Int64List": _Field.TYPE_INT64,
}
_KINDS = {
    "bytes_list": "BytesList",
    "float_list": "FloatList",
    "int64_list": "Int64List",
}


def with_first_feature(key: str, value: bytes, others: Any) -> list[bytes]:
    """Serialises an `Example` with one more feature, without copying it.

    Args:
        key: sorts before all others, as deterministic bytes have it.
        value: of the feature; large.
        others: `Example` with the other features.

    Returns:
        The bytes in parts; `value` is one of them.
    """
    name = key.encode()
    in_list = _field(1, len(value))
    in_feature = _field(1, len(in_list) + len(value)) + in_list
    size = len(in_feature) + len(value)
    entry = _field(1, len(name)) + name + _field(2, size) + in_feature
    first = _field(1, len(entry) + len(value)) + entry
    rest = others.features.SerializeToString(deterministic=True)
    whole = _field(1, len(first) + len(value) + len(rest))
    return [whole + first, value, rest]


def _field(number: int, size: int) -> bytes:
    """Returns the head of a field of bytes or of a message."""
    head = bytearray([number << 3 | _LENGTH_DELIMITED])
    while size > 0x7F:
        head.append(size & 0x7F | 0x80)
        size >>= 7
    head.append(size)
    return bytes(head)


def _example_class() -> Any:
    """Returns the message class.

    In a pool of its own: TensorFlow registers the same names in the default
    one when it is imported.
    """
    file = descriptor_pb2.FileDescriptorProto(
        name="example.proto", package=_PACKAGE, syntax="proto3"
    )
    for name, kind in _LISTS.items():
        values = file.message_type.add(name=name)
        _add_field(values, "value", 1, kind, repeated=True)
    feature = file.message_type.add(name="Feature")
    feature.oneof_decl.add(name="kind")
    for number, (name, of) in enumerate(_KINDS.items(), 1):
        _add_field(feature, name, number, of).oneof_index = 0
    features = file.message_type.add(name="Features")
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    _add_field(entry, "key", 1, _Field.TYPE_STRING)
    _add_field(entry, "value", 2, "Feature")
    _add_field(features, "feature", 1, "Features.FeatureEntry", repeated=True)
    example = file.message_type.add(name="Example")
    _add_field(example, "features", 1, "Features")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    descriptor = pool.FindMessageTypeByName(f"{_PACKAGE}.Example")
    return message_factory.GetMessageClass(descriptor)


def _add_field(
    message: Any, name: str, number: int, kind: Any, *, repeated: bool = False
) -> Any:
    field = message.field.add(
        name=name,
        number=number,
        label=_Field.LABEL_REPEATED if repeated else _Field.LABEL_OPTIONAL,
    )
    if isinstance(kind, str):
        field.type = _Field.TYPE_MESSAGE
        field.type_name = f".{_PACKAGE}.{kind}"
    else:
        field.type = kind
    return field


Example = _example_class()
"""As `tf.train.Example`."""
