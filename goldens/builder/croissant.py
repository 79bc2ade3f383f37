"""The sets of made websites as a Croissant file (MLCommons Croissant 1.0), the format in which registries describe datasets:
who made them, under which licence, where the files are, and a row for each page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import harness
from goldens.builder.build import SETS, Built
from harness.common.published import repository

FILE = "croissant.json"
"""Its name in the folder of all sets."""
_FIELDS = {
    "golden": ("sc:Text", "The golden's name, which `harness run -g` takes."),
    "set": ("sc:Text", "`web`, or `web-heldout` for pages that no extractor may be tuned on."),
    "site": ("sc:Text", "The site; pages of one site are no independent observations."),
    "lang": ("sc:Text", "The language, a BCP 47 tag."),
    "kind": ("sc:Text", "The kind of page, which says what its main content is."),
    "page": ("sc:Text", "The page, packed with gzip, from the root of the repository."),
    "labels": ("sc:Text", "Its golden file: labels and facts, in YAML."),
    "sha256": ("sc:Text", "SHA-256 of the unpacked page."),
}
_TERMS = (
    "citeAs column equivalentProperty extract field fileProperty fileObject fileSet format includes isLiveDataset jsonPath "
    "key md5 parentField path recordSet references regex repeated replace samplingRate separator source subField transform"
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS.split()},
}
"""The names that Croissant 1.0 prescribes; validators warn of a file that lacks one, used or not."""


def write_croissant(built: Sequence[Built], folder: Path) -> None:
    """Write the Croissant file of all pages into the folder of all sets."""
    text = json.dumps(croissant(built), ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text + "\n", "utf-8")


def croissant(built: Sequence[Built]) -> dict[str, Any]:
    """The same as JSON-LD."""
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "extraction-harness-web",
        "description": "Pages of websites that do not exist, written to measure extractors of main content, with a label "
        "for each piece of their text.",
        "version": harness.__version__,
        "citeAs": f"The extraction-harness authors: extraction-harness, version {harness.__version__}. {repository()}",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": repository(),
        "creator": {"@type": "sc:Organization", "name": "The extraction-harness authors"},
        "keywords": ["boilerplate removal", "content extraction", "web pages", "evaluation"],
        "inLanguage": sorted({page.source.lang for page in built}),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": "repository",
                "name": "repository",
                "description": "The repository that the pages ship with.",
                "contentUrl": repository(),
                "encodingFormat": "git+https",
                "sha256": "main",
            },
            *(_files(name, what, suffix, media) for name in SETS.values() for what, suffix, media in _KINDS_OF_FILES),
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": "goldens",
                "name": "goldens",
                "description": "A row for each page.",
                "key": {"@id": "goldens/golden"},
                "field": [
                    {
                        "@type": "cr:Field",
                        "@id": f"goldens/{name}",
                        "name": name,
                        "description": about,
                        "dataType": data_type,
                    }
                    for name, (data_type, about) in _FIELDS.items()
                ],
                "data": [_record(page) for page in built],
            }
        ],
    }


_KINDS_OF_FILES = (("pages", "html.gz", "application/gzip"), ("labels", "yaml", "application/yaml"))


def _files(name: str, what: str, suffix: str, media: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": f"{name}-{what}",
        "name": f"{name}-{what}",
        "description": f"The {what} of the set `{name}`.",
        "containedIn": {"@id": "repository"},
        "encodingFormat": media,
        "includes": f"goldens/{name}/*.{suffix}",
    }


def _record(page: Built) -> dict[str, str]:
    path = f"goldens/{page.set}/{page.name}"
    values = (
        f"{page.set}/{page.name}",
        page.set,
        page.site.site,
        page.source.lang,
        page.source.kind,
        f"{path}.html.gz",
        f"{path}.yaml",
        page.page.sha256,
    )
    return {f"goldens/{name}": value for name, value in zip(_FIELDS, values, strict=True)}
