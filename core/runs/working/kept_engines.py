"""The engines of the local model that a worker keeps between its runs."""

import sys
from pathlib import Path

from core.engines.local import Engine, EngineWish, load_engine, prepare
from core.errors import BreakevenError
from core.probe.records.probe_plan import LocalTarget


class Engines:
    """The engine that was loaded last, for the next run that wants the same."""

    def __init__(self) -> None:
        self._loaded: tuple[tuple[EngineWish, Path], Engine] | None = None

    def quickest(self, wish: EngineWish, cache: Path) -> Engine:
        """The engine of :meth:`get`, exported first where that makes a quicker one."""
        engine = self.get(wish, cache)
        self._loaded = ((wish, cache), prepare(engine, wish, cache))
        return self._loaded[1]

    def get(self, wish: EngineWish, cache: Path) -> Engine:
        """Loaded already, or loaded now. Raises EngineError."""
        key = (wish, cache)
        if self._loaded is None or self._loaded[0] != key:
            self._loaded = None  # two at once may be more than the memory holds
            self._loaded = (key, load_engine(wish, cache))
        return self._loaded[1]

    def prepare(self) -> None:
        """Make the quicker engine for the next run, where there is one; the old one serves on."""
        if self._loaded is None:
            return
        key, engine = self._loaded
        try:
            self._loaded = (key, prepare(engine, *key))
        except BreakevenError as error:
            sys.stderr.write(f"{error}\n")


def local_wish(target: LocalTarget, threads: int | None) -> EngineWish:
    """What a plan asks of the engine; ``threads`` is the installation's own choice."""
    return EngineWish(
        model=target.model,
        device=target.device,
        engine=target.engine,
        precision=target.precision,
        threads=target.threads or threads,
        batch_texts=target.batch_texts,
        max_tokens=target.max_tokens,
        allow_custom_code=target.allow_custom_code,
    )
