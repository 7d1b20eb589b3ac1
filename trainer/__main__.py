"""``python -m trainer`` and ``handwrite-trainer``."""

from __future__ import annotations

import sys


def main() -> None:
    from trainer.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
