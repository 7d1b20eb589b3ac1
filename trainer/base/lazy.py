"""numpy, imported at its first use and not with the module that names it.

The window's first paint shows no stroke, and an import of numpy would delay it by a sixth. For the modules on
its way alone:

    if TYPE_CHECKING:
        import numpy as np
        from numpy.typing import NDArray
    else:
        from trainer.base.lazy import NDArray, np

NDArray is for modules whose annotations are evaluated, as those of messages are.
"""

from __future__ import annotations

from typing import Any


class _Numpy:
    def __getattr__(self, name: str) -> Any:
        import numpy

        value = getattr(numpy, name)
        setattr(self, name, value)  # from now on found without this method
        return value


class _NDArray:
    def __getitem__(self, number: Any) -> Any:
        from numpy.typing import NDArray

        return NDArray[number]


np = _Numpy()
NDArray = _NDArray()
