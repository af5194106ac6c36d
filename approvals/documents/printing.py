"""The printing process: reads one job from standard input, writes the PDF to standard output.

Layout runs in a process of its own because it cannot be interrupted otherwise:
here it has a limit of time and of memory, sees no secret of the web server, and
if a font library brings it down, the job worker lives on.

Run as ``python -m approvals.documents.printing``.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from pathlib import Path

from approvals.documents.exit_codes import NO_CHINESE_FONT, OUT_OF_MEMORY

# With no font at all the text library crashes on the first letter, after a warning
# at import: taken as an error, it can be told.
warnings.filterwarnings("error", message="No fonts configured", category=UserWarning)
try:
    from approvals.documents.pages import NoChineseFont, pdf_of
except UserWarning:
    sys.exit(NO_CHINESE_FONT)


def limit(seconds: int, megabytes: int) -> None:
    """Let the system stop this process beyond its share."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def main() -> int:
    job = json.load(sys.stdin)
    limit(job["seconds"], job["megabytes"])
    folder = Path(job["font_folder"]) if job["font_folder"] else None
    try:
        sys.stdout.buffer.write(pdf_of(job["html"], job["style"], folder))
    except NoChineseFont:
        return NO_CHINESE_FONT
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main())
