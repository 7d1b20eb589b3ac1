"""No circle of modules in either package: lazy and type-only imports count, too."""

from __future__ import annotations

import grimp


def test_no_module_imports_itself_through_others() -> None:
    graph = grimp.build_graph("handwrite_app", "trainer", cache_dir=None)
    circles = _circles(
        {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    )
    assert circles == []


def _circles(imports: dict[str, set[str]]) -> list[set[str]]:
    """The strongly connected components of more than one module (Tarjan, 1972)."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[set[str]] = []

    def visit(module: str) -> None:
        number[module] = lowest[module] = len(number)
        path.append(module)
        for other in imports[module]:
            if other not in number:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in path:
                lowest[module] = min(lowest[module], number[other])
        if lowest[module] == number[module]:
            at = path.index(module)
            circle = set(path[at:])
            del path[at:]
            if len(circle) > 1:
                found.append(circle)

    for module in imports:
        if module not in number:
            visit(module)
    return found


def test_circles_are_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set(), "f": {"e", "f"}}
    assert _circles(imports) == [{"a", "b", "c"}]
