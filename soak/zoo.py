"""A model zoo of one archive, large enough to be interrupted."""

import io
import tarfile

import numpy as np

NAME = "model_of_the_zoo"
DATA = np.random.default_rng(1).bytes(8_000_000)
MEMBERS = {
    f"{NAME}/pipeline.config": b"model {}",
    f"{NAME}/checkpoint/ckpt-0.index": b"index",
    f"{NAME}/checkpoint/ckpt-0.data-00000-of-00001": DATA,
}


def zoo_archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in MEMBERS.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()
