"""When a page of Streamlit is at rest: no run is asked for or under way, told by its websocket.

What stands in the document comes too late to tell: between a click and the server's first word the
page says that nothing runs, and on a busy computer that takes as long as it likes.
"""

import time
from typing import Final
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

HOLD_MS: Final = 400
"""Longer than a control holds its value back; in the page's own time, which is late with it."""
AT_REST: Final = "[data-testid=stApp][data-test-script-state=notRunning]"
COMING: Final = "[data-testid=stSkeleton]"
"""Stands for an element whose part of Streamlit's script is still on its way."""
_HELD: Final = "held => new Promise(over => setTimeout(() => requestAnimationFrame(over), held))"
_followed: WeakKeyDictionary[Page, "ScriptRuns"] = WeakKeyDictionary()


class ScriptRuns:
    """Whether a run that the page has asked for is still to be answered."""

    def __init__(self, page: Page) -> None:
        self.due = False
        self._begun = False
        page.on("websocket", self._listen)

    def _listen(self, line: WebSocket) -> None:
        line.on("framesent", self._sent)
        line.on("framereceived", self._received)
        line.on("close", self._lost)

    def _sent(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).HasField("rerun_script"):
            self.due, self._begun = True, False

    def _received(self, frame: bytes | str) -> None:
        if not isinstance(frame, bytes):
            return
        said = ForwardMsg.FromString(frame)
        if said.HasField("new_session"):
            self.due = self._begun = True
        elif said.HasField("script_finished") and self._begun:
            self.due = said.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN

    def _lost(self, _: WebSocket) -> None:
        """Expect no answer from a line that is gone; the next one is asked anew."""
        self.due = False


def follow(page: Page) -> None:
    """Listen to a page from its first message on."""
    _followed[page] = ScriptRuns(page)


def at_rest(page: Page) -> bool:
    """Whether what was done to the page is answered and drawn; a blank page is not at rest."""
    page.evaluate(_HELD, HOLD_MS)
    drawn = page.locator(AT_REST).is_visible() and page.locator(COMING).count() == 0
    return drawn and not _followed[page].due


def wait_for_rest(page: Page, patience_ms: int) -> None:
    """Wait until the page is at rest. Raises TimeoutError where that takes longer."""
    until_s = time.monotonic() + patience_ms / 1e3
    while not at_rest(page):
        if time.monotonic() > until_s:
            raise TimeoutError(f"{page.url} was not at rest within {patience_ms / 1e3:.0f} s.")
