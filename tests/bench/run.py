"""`make bench`: runs one bench or all; each prints its figures as one JSON line (contract §1).

A bench is a module of this folder with `def main(size: str) -> dict[str, float | int | str]`.
"""

import argparse
import importlib
import json
import pkgutil
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

Figures = dict[str, float | int | str]
Bench = Callable[[str], Figures]
SIZES = ("small", "full")


def benches() -> dict[str, Bench]:
    """Every bench by its name, in the order of the alphabet; modules without `main` only help."""
    found: dict[str, Bench] = {}
    for module in sorted(pkgutil.iter_modules([str(Path(__file__).parent)]), key=lambda item: item.name):
        if module.name != "run":
            main = getattr(importlib.import_module(f"tests.bench.{module.name}"), "main", None)
            if main is not None:
                found[module.name] = main
    return found


def run(name: str, bench: Bench, size: str) -> bool:
    """Play one bench and print its line; False (and the reason on standard error) when a step of it fails."""
    began = time.monotonic()
    print(f"{name} ({size}) …", file=sys.stderr, flush=True)
    try:
        figures = bench(size)
    except Exception:
        traceback.print_exc()
        print(f"{name} failed after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        return False
    print(json.dumps({"bench": name, "size": size, "figures": figures}, ensure_ascii=False), flush=True)
    print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code 0 when all ran, 1 when one failed, 2 for a wrong call (from argparse)."""
    known = benches()
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description="The measurements of Gõ Cửa.")
    parser.add_argument("bench", nargs="?", choices=sorted(known), metavar="BENCH", help=f"one of {', '.join(known)}")
    parser.add_argument("--size", choices=SIZES, default="small")
    options = parser.parse_args(argv)
    names = [options.bench] if options.bench else list(known)
    results = [run(name, known[name], options.size) for name in names]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
