"""`python -m harness.schemas FOLDER` writes all schemas: `make schemas` in a checkout."""

import sys
from pathlib import Path

from harness.schemas.catalogue import SCHEMAS, schema_text

for name in SCHEMAS:
    (Path(sys.argv[1]) / f"{name}.json").write_text(schema_text(name), encoding="utf-8")
