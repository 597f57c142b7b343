"""A company's proxy on loopback: opens tunnels (CONNECT), or refuses in one of many ways."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Self, TypeAlias

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


@dataclass
class ProxyServer:
    """Runs in a thread. Every tunnel leads to ``port`` on loopback, whatever host it is for."""

    port_behind: int
    answer: bytes = b"HTTP/1.1 200 Connection established\r\n\r\n"
    """What is said to CONNECT; anything but a 2xx opens nothing."""
    authorization: str | None = None
    """Where set, a request without it gets a 407."""
    hangs: bool = False
    closes: bool = False
    asked: list[str] = field(default_factory=list)
    """Authorities that tunnels were asked for."""
    port: int = 0

    def __enter__(self) -> Self:
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the loop closes the sockets

    def _greet(self, reader: Reader, writer: Writer) -> None:
        task = asyncio.create_task(self._serve_one(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve_one(self, reader: Reader, writer: Writer) -> None:
        with suppress(OSError, asyncio.IncompleteReadError), closing(writer):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, authority, _ = head.split(" ", 2)
            assert method == "CONNECT"
            self.asked.append(authority)
            if self.hangs:
                await asyncio.Event().wait()
            keyed = f"Proxy-Authorization: {self.authorization}\r\n" in head
            if self.authorization is not None and not keyed:
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            elif not self.closes:
                writer.write(self.answer)
                if self.answer.startswith(b"HTTP/1.1 2"):
                    await self._pass_on(reader, writer)
            await writer.drain()

    async def _pass_on(self, reader: Reader, writer: Writer) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.port_behind)
        both: list[Coroutine[None, None, None]] = [
            _pump(reader, inner_writer.write),
            _pump(inner_reader, writer.write),
        ]
        tasks = [asyncio.create_task(pump) for pump in both]
        with closing(inner_writer):
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()


async def _pump(reader: Reader, write: Callable[[bytes], None]) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            write(data)
