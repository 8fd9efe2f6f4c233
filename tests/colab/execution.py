"""Executes the notebook, or its beginning, as Jupyter does."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parents[2] / "colab" / "crossline.ipynb"

ON_COLAB = """
import sys, types
def _upload():
    return {UPLOAD: b""}
sys.modules["google.colab"] = types.SimpleNamespace(
    files=types.SimpleNamespace(
        upload=_upload, download=lambda name: print("downloaded", name)
    )
)
IS_COLAB = True
"""
"""A cell after which `google.colab.files` seems to be there."""


class Executed(NamedTuple):
    """A folder of results, and the cells with their outputs, by id."""

    folder: Path
    cells: Mapping[str, NotebookNode]

    def text(self, id_: str) -> str:
        """Returns what a cell printed."""
        return "".join(
            output.text
            for output in self.cells[id_].outputs
            if output.output_type == "stream"
        )


def execute(
    folder: Path,
    choices: Mapping[str, object],
    *,
    last: str | None = None,
    inserted: Mapping[str, str] | None = None,
) -> Executed:
    """Executes the notebook's cells in a kernel of this Python.

    Args:
        folder: of all results.
        choices: in place of those in the cell tagged as parameters.
        last: id of the last cell to execute; all when None.
        inserted: code by the id of the cell that it is executed before.
    """
    notebook = nbformat.read(NOTEBOOK, 4)
    cells = list(_with_insertions(notebook, inserted or {}, last))
    (parameters,) = (
        k
        for k, cell in enumerate(cells)
        if "parameters" in cell.metadata.get("tags", [])
    )
    made = {"FOLDER": str(folder), **choices}
    code = "\n".join(f"{name} = {value!r}" for name, value in made.items())
    cells.insert(parameters + 1, nbformat.v4.new_code_cell(code))
    notebook.cells = cells
    with _own_kernel(folder):
        NotebookClient(notebook, kernel_name="python3").execute()
    return Executed(folder, {cell.id: cell for cell in cells})


def _with_insertions(
    notebook: NotebookNode, inserted: Mapping[str, str], last: str | None
) -> Iterator[NotebookNode]:
    for cell in notebook.cells:
        if cell.id in inserted:
            yield nbformat.v4.new_code_cell(inserted[cell.id])
        yield cell
        if cell.id == last:
            return


@contextlib.contextmanager
def _own_kernel(folder: Path) -> Iterator[None]:
    """Keeps a user's own kernels, profiles and history out of it."""
    own = {"JUPYTER_DATA_DIR": "jupyter", "IPYTHONDIR": "ipython"}
    paths = {name: str(folder / own[name]) for name in own}
    with patch.dict(os.environ, paths):
        yield
