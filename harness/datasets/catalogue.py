"""The public datasets that are known by name: where they are, at which commit, and under which licence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.common.places import cache_folder

_CHECKOUT = "repository"
_UNPACKED = "unpacked"


@dataclass(frozen=True)
class Known:
    """A dataset that is known by name."""

    name: str
    """As `-g` takes it."""
    format: str
    """The name of its format, of `harness.datasets.DATASET_FORMATS`."""
    pages: int
    """How many there must be."""
    licence: str
    """An SPDX identifier, or what is stated instead of one."""
    permissive: bool
    """Whether anyone may use the dataset for anything; if not, its licence is asked for."""
    citation: str
    """The publication to cite."""
    repository: str = ""
    """Where git finds it; empty if git does not."""
    commit: str = ""
    """The commit that is fetched; empty if the dataset is fetched by hand."""
    folder: str = "."
    """Where in the repository the format finds it."""
    archives: tuple[str, ...] = ()
    """Files of the repository that hold the dataset."""
    megabytes: int | None = None
    """Roughly, of the files."""
    by_hand: str = ""
    """How to get it without a commit to bring it from."""

    @property
    def home(self) -> Path:
        """The folder of the user's cache that its repository is kept in; datasets of one repository share it."""
        return cache_folder() / "datasets" / f"{Path(self.repository).name}-{self.commit[:12]}"

    def checkout(self, home: Path) -> Path:
        """Its repository in such a folder."""
        return home / _CHECKOUT

    def path(self, home: Path) -> Path:
        """What its format reads in such a folder."""
        return home / (_UNPACKED if self.archives else _CHECKOUT) / self.folder


@dataclass(frozen=True)
class Presence:
    """A known dataset and where it is."""

    known: Known
    """The dataset."""
    path: Path | None
    """None if it is not here."""
    bytes: int
    """0 if it is not here."""
    how: str
    """How to get it."""


_WCXB = "https://github.com/Murrough-Foley/web-content-extraction-benchmark"
_WCXB_COMMIT = "c039d5ee9f5a3a984a0e167e63aacd04e76e78a9"
_WCXB_PAPER = "M. Foley: WCXB, arXiv 2605.21097 (2026)"

CATALOGUE: dict[str, Known] = {
    known.name: known
    for known in (
        Known(
            "aeb",
            format="aeb",
            pages=181,
            licence="MIT",
            permissive=True,
            citation="Scrapinghub: Article Extraction Benchmark (2020)",
            repository="https://github.com/scrapinghub/article-extraction-benchmark",
            commit="4a3bc979f76c0df73cb95fe272e2fc1b96f9f010",
            megabytes=40,
        ),
        Known(
            "cleaneval",
            format="cleaneval",
            pages=681,
            licence="none stated (made for research)",
            permissive=False,
            citation="M. Baroni and others: CleanEval: a Competition for Cleaning Web Pages, LREC (2008)",
            repository="https://github.com/j-szulc/html-cleaning-dataset-merged",
            commit="46e01a0",
            folder="cleaneval-final",
        ),
        Known(
            "cleanportaleval",
            format="cleanportaleval",
            pages=71,
            licence="none stated",
            permissive=False,
            citation="I. Endrédy, A. Novák: More Effective Boilerplate Removal, Polibits 48 (2013)",
            repository="https://github.com/ppke-nlpg/CleanPortalEval",
            commit="517726d",
        ),
        Known(
            "dragnet",
            format="dragnet",
            pages=1381,
            licence="AGPL-3.0",
            permissive=False,
            citation="M. Peters, D. Lecocq: Content Extraction Using Diverse Feature Sets, doi 10.1145/2487788.2487828",
            repository="https://github.com/seomoz/dragnet_data",
            commit="95559bee8812387d8e2cca2e8090004319ab9602",
            archives=("dragnet_HTML.tar.gz", "dragnet_Corrected.tar.gz"),
        ),
        Known(
            "google-trends-2017",
            format="google-trends-2017",
            pages=180,
            licence="MIT",
            permissive=True,
            citation="J. Leonhardt, A. Anand, M. Khosla: BoilerNet, doi 10.1145/3366424.3383547 (2020)",
            by_hand="https://github.com/mrjleo/boilernet does not hold it: download the archive on Google Drive that its "
            "README links, unpack it; then name it google-trends-2017:FOLDER, the one with raw_html and prepared_html",
        ),
        Known(
            "l3s-gn1",
            format="l3s-gn1",
            pages=621,
            licence="research use only",
            permissive=False,
            citation="C. Kohlschütter, P. Fankhauser, W. Nejdl: Boilerplate Detection using Shallow Text Features, "
            "doi 10.1145/1718487.1718542 (2010)",
            repository="https://github.com/geodrome/page-signal",
            commit="186d815",
            folder="L3S-GN1-20100130203947-00001",
        ),
        Known(
            "readability",
            format="readability",
            pages=130,
            licence="Apache-2.0",
            permissive=True,
            citation="Mozilla: Readability.js, test pages",
            repository="https://github.com/mozilla/readability",
            commit="ab4027a8b37669745016869a37a504727992b2ba",
            megabytes=40,
        ),
        Known(
            "trafilatura",
            format="trafilatura",
            pages=990,
            licence="Apache-2.0",
            permissive=True,
            citation="A. Barbaresi: Trafilatura, doi 10.18653/v1/2021.acl-demo.15 (2021)",
            repository="https://github.com/adbar/trafilatura",
            commit="e90b0ef51ab026fdb905fb6c5b3c84dd3d784fd5",
            megabytes=150,
        ),
        Known(
            "wceb",
            format="wceb",
            pages=3985,
            licence="Apache-2.0 (code; none stated for the data)",
            permissive=False,
            citation="J. Bevendorff and others: An Empirical Comparison of Web Content Extraction Algorithms, "
            "doi 10.1145/3539618.3591920 (2023)",
            by_hand="it is in Git LFS: get datasets/combined.tar.xz of "
            "https://github.com/chatnoir-eu/web-content-extraction-benchmark at 36be6d9, unpack it; "
            "then name it wceb:FOLDER",
        ),
        Known(
            "wcxb-dev",
            format="wcxb",
            pages=1497,
            licence="CC-BY-4.0",
            permissive=True,
            citation=_WCXB_PAPER,
            repository=_WCXB,
            commit=_WCXB_COMMIT,
            folder="dev",
            megabytes=115,
        ),
        Known(
            "wcxb-test",
            format="wcxb",
            pages=511,
            licence="CC-BY-4.0",
            permissive=True,
            citation=_WCXB_PAPER,
            repository=_WCXB,
            commit=_WCXB_COMMIT,
            folder="test",
            megabytes=115,
        ),
        Known(
            "webmainbench",
            format="webmainbench",
            pages=7809,
            licence="Apache-2.0",
            permissive=True,
            citation="WebMainBench, arXiv 2511.23119 (2025)",
            by_hand="it is on Hugging Face: get webmainbench.jsonl of "
            "https://huggingface.co/datasets/opendatalab/WebMainBench; then name it webmainbench:FILE",
        ),
    )
}


def dataset_path(name: str) -> Path | None:
    """What the format of a known dataset reads, if `harness dataset add` has brought it; None for any other name."""
    known = CATALOGUE.get(name)
    if known is None or not known.commit:
        return None
    path = known.path(known.home)
    return path if path.exists() else None


def known_datasets() -> list[Presence]:
    """All known datasets, here or not, by name."""
    found = []
    for name, known in sorted(CATALOGUE.items()):
        path = dataset_path(name)
        how = f"harness dataset add {name}" if known.commit else known.by_hand
        found.append(Presence(known, path, _size(path) if path else 0, how))
    return found


def _size(folder: Path) -> int:
    """Bytes of the files in a folder, without what git keeps."""
    own = folder / ".git"
    files = (path for path in folder.rglob("*") if path.is_file() and own not in path.parents)
    return sum(path.stat().st_size for path in files)
