"""``python -m trainer`` and ``handwrite-trainer``."""

from __future__ import annotations

import sys


def main() -> None:
    try:
        from trainer.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # also while modules are loaded, when nothing has begun
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
