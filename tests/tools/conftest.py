"""The tools are in no package: their folders go on the path, as when one of them runs."""

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_ROOT / "resources" / "translations"), str(_ROOT / ".ci")]
