"""The set-up code is no package: its folder goes on the path, as when one of the scripts runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
