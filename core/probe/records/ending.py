"""How a run ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.probe.records.sample import Outcome


class EndReason(StrEnum):
    """Why a run sends nothing more."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNAUTHORISED = "unauthorised"
    NO_CREDIT = "no_credit"
    OVER_BUDGET = "over_budget"
    NO_ANSWER = "no_answer"
    SILENT = "silent"
    """A server that had answered answers nothing any more."""
    PRECISE = "precise"
    """The wanted precision was there before the last request."""
    SATURATED = "saturated"
    """A ramp came to a rate that the endpoint does not keep up with."""
    RATE_LIMIT = "rate_limit"
    """A ramp came to the first sign of the provider's rate limit."""
    CLIENT_LIMIT = "client_limit"
    """A ramp came to a rate that our own client does not keep up with."""
    OUT_OF_TIME = "out_of_time"


_SENTENCES: Final = {
    EndReason.COMPLETED: "",
    EndReason.CANCELLED: "The run was cancelled.",
    EndReason.UNAUTHORISED: "The provider refused the key, so the run was stopped at once. "
    "Check that the key is whole, belongs to this provider and may use this model.",
    EndReason.NO_CREDIT: "The account has no credit left, so the run was stopped at once. Pay in, "
    "or ask with a key of another account.",
    EndReason.OVER_BUDGET: "The next request could have passed the spending cap, so the run was "
    "stopped before it.",
    EndReason.NO_ANSWER: "None of the first calls was answered, so no load was sent.",
    EndReason.SILENT: "The server stopped answering, so nothing more was sent.",
    EndReason.PRECISE: "",
    EndReason.SATURATED: "",
    EndReason.RATE_LIMIT: "",
    EndReason.CLIENT_LIMIT: "",
    EndReason.OUT_OF_TIME: "The run reached its longest time, so it sent nothing more.",
}

_WORDS: Final = {
    EndReason.COMPLETED: "",
    EndReason.CANCELLED: "the run was cancelled",
    EndReason.UNAUTHORISED: "the key was refused",
    EndReason.NO_CREDIT: "the account has no credit left",
    EndReason.OVER_BUDGET: "the spending cap was reached",
    EndReason.NO_ANSWER: "none of the first calls was answered",
    EndReason.SILENT: "the server stopped answering",
    EndReason.PRECISE: "the wanted precision was reached",
    EndReason.SATURATED: "the endpoint no longer kept up",
    EndReason.RATE_LIMIT: "the provider's rate limit came in sight",
    EndReason.CLIENT_LIMIT: "our own client was at its limit",
    EndReason.OUT_OF_TIME: "the run reached its longest time",
}

_BY_ACCOUNT: Final = frozenset({EndReason.UNAUTHORISED, EndReason.NO_CREDIT})
"""Ends after which every further request would be refused."""

FOUND: Final = frozenset(
    {EndReason.PRECISE, EndReason.SATURATED, EndReason.RATE_LIMIT, EndReason.CLIENT_LIMIT}
)
"""Ends before the last request because what was looked for is known."""

FOUND_WORDS: Final = frozenset(_WORDS[reason] for reason in FOUND)
"""The same as a sample that was not sent has them."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ended, for a program and for a person."""

    reason: EndReason

    @property
    def sentence(self) -> str:
        """What a person is told; empty where the plan was carried out or found its answer early."""
        return _SENTENCES[self.reason]

    @property
    def words(self) -> str:
        """The same in a few words, as the detail of a request that was not sent."""
        return _WORDS[self.reason]

    @property
    def drops_in_flight(self) -> bool:
        """Whether requests on their way are given up. What is paid for is else waited for."""
        return self.reason in {EndReason.CANCELLED, *_BY_ACCOUNT}

    @property
    def outcome_of_unsent(self) -> Outcome:
        """What a request is recorded as that was not sent because of this."""
        over_budget = self.reason is EndReason.OVER_BUDGET
        return Outcome.OVER_BUDGET if over_budget else Outcome.CANCELLED
