"""A line between browser and server that can be slow, fall silent, lose what is under way, break.

A real line loses no message out of the middle: TCP sees to that. What it loses is all that was
under way when it broke. So bytes are held back, thrown away or cut here, never picked.
"""

import asyncio
import contextlib
import math
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias, TypeVar

Side: TypeAlias = Literal["browser", "server"]
T = TypeVar("T")

CHUNK = 65_536
UPGRADE = b"upgrade: websocket"


class Line:
    """A TCP line on loopback to a server; use it as a context manager.

    ``delay_s`` holds for what is read from the moment on that it is set, each way.
    ``breaks_after`` is how many bytes the server may still say over WebSockets before the line
    breaks, once.
    """

    def __init__(self, port: int) -> None:
        self.delay_s = 0.0
        self.breaks_after = math.inf
        self.address = ""
        self._port = port
        self._lost: frozenset[Side] = frozenset()
        self._writers: set[asyncio.StreamWriter] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        """Start to listen."""
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Cut everything and stop."""
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=30)
        self._loop.close()

    def lose(self, *sides: Side) -> None:
        """Throw away what these sides say, until the line is cut."""
        self._lost = frozenset(sides)

    def cut(self) -> None:
        """Break every connection, with all that is under way; new ones work."""
        self._loop.call_soon_threadsafe(self._cut)

    def _wait(self, job: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(timeout=30)

    def _cut(self) -> None:
        for writer in self._writers:
            writer.transport.abort()
        self._lost = frozenset()

    async def _stop(self) -> None:
        self._server.close()
        self._cut()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = self._loop.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, near: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            far, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
            ends = {writer, far_writer}
            self._writers |= ends
            first = await near.read(CHUNK)
            far_writer.write(first)
            await asyncio.gather(
                self._carry("browser", near, far_writer, counted=False),
                self._carry("server", far, writer, counted=UPGRADE in first.lower()),
            )
            self._writers -= ends

    async def _carry(
        self,
        side: Side,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        counted: bool,
    ) -> None:
        """Carry what a side says, in its order, each chunk ``delay_s`` after it was read."""
        due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(_deliver(due, writer))
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                if counted:
                    chunk = self._counted(chunk)
                if side not in self._lost:
                    due.put_nowait((self._loop.time() + self.delay_s, chunk))
        due.put_nowait((self._loop.time() + self.delay_s, b""))
        await delivery

    def _counted(self, chunk: bytes) -> bytes:
        """What still comes through of a chunk; the line breaks where that is not all of it."""
        if len(chunk) <= self.breaks_after:
            self.breaks_after -= len(chunk)
            return chunk
        through, self.breaks_after = chunk[: int(self.breaks_after)], math.inf
        self._loop.call_later(self.delay_s + 0.05, self._cut)
        self._lost = frozenset({"server"})
        return through


async def _deliver(due: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    """Write each chunk when it is due; an empty one is the end."""
    with contextlib.suppress(OSError):
        while True:
            at, chunk = await due.get()
            await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
            if not chunk:
                break
            writer.write(chunk)
            await writer.drain()
    writer.close()
