"""Where a run keeps what."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class RunFolder:
    """Names of what stands in a run's folder, see docs/experiments.md."""

    path: Path

    @property
    def settings(self) -> Path:
        """The resolved YAML."""
        return self.path / "config.yaml"

    @property
    def environment(self) -> Path:
        """Versions, machine, commit."""
        return self.path / "environment.json"

    @property
    def data(self) -> Path:
        """CSVs, label map and records."""
        return self.path / "data"

    @property
    def labels(self) -> Path:
        """Page of what the records hold."""
        return self.path / "labels.html"

    @property
    def balance(self) -> Path:
        """How the classes count, where they do not count the same."""
        return self.path / "balance.csv"

    @property
    def batches(self) -> Path:
        """Pictures of training batches."""
        return self.path / "batches"

    @property
    def start(self) -> Path:
        """Config and checkpoint that training starts from."""
        return self.path / "start"

    @property
    def results(self) -> Path:
        """See `crossline.experiment.results`."""
        return self.path / "results.csv"

    @property
    def plot(self) -> Path:
        """Curves of the results."""
        return self.path / "results.png"

    @property
    def last(self) -> Path:
        """Checkpoint folder to go on from."""
        return self.path / "last"

    @property
    def best(self) -> Path:
        """Checkpoint folder of the highest AP."""
        return self.path / "best"

    @property
    def exported(self) -> Path:
        """Export folder of the best checkpoint; it has the run's name."""
        return self.path / "exported" / self.path.resolve().name

    @property
    def evaluation(self) -> Path:
        """What the export was judged."""
        return self.path / "evaluation.json"

    @property
    def report(self) -> Path:
        """All of it on one page."""
        return self.path / "report.html"
