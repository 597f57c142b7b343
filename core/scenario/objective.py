"""What an answer must satisfy."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from core.scenario.knobs import STRICT, Choice, Knob

HOME: Final = "home"
"""Region of the machines that one owns, and of this computer: nothing that is rented."""


class Objective(BaseModel):
    """What an answer must satisfy."""

    model_config = STRICT

    slo_p95_s: Annotated[
        float,
        Field(ge=0.001, le=60, description="95 % of the requests must be answered within this."),
        Knob("Latency objective (p95)", "s", "slo", 0.01, "log"),
    ] = 0.5
    slo_demanded: Annotated[
        bool,
        Field(
            description="The latency objective must be held. One that is not the default is a "
            "demand by itself; the default alone is a wish and rules no API out."
        ),
        Choice(
            "The latency objective is",
            "must",
            ((False, "a wish, while it is the default"), (True, "a demand")),
        ),
    ] = False
    max_unanswered_share: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Share of the texts that may stay without an answer after the last "
            "attempt, at most. 0: none may.",
        ),
        Knob("Texts unanswered at most", "fraction", "unans", 0.0001, "log"),
    ] = 0.001
    max_lost_share: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Share of all tokens that may be cut off at a model's limit, at most. "
            "Texts that are split into chunks lose none. 0: nothing may be lost.",
        ),
        Knob("Tokens lost at most", "fraction", "lost", 0.0001, "log"),
    ] = 0.01
    region: Annotated[
        str,
        Field(
            pattern="^(|eu|uk|ch|us|ca|asia|au|home)$",
            description="Where texts must be computed. Who is known to compute elsewhere, or "
            "anywhere, is out; of whom nobody knows it, that must be asked first. A place that is "
            "an option at a surcharge is billed with it. Your own machines: cards and machines "
            "that you own, and this computer; what is rented is not yours.",
        ),
        Choice(
            "Texts are computed in",
            "in",
            (
                ("", "any place"),
                ("eu", "the European Union"),
                ("uk", "the United Kingdom"),
                ("ch", "Switzerland"),
                ("us", "the United States"),
                ("ca", "Canada"),
                ("asia", "Asia"),
                ("au", "Australia"),
                (HOME, "my own machines"),
            ),
        ),
    ] = ""
    horizon_months: Annotated[
        int,
        Field(ge=1, le=120, description="How far ahead growth is drawn."),
        Knob("Horizon", "months", "n", 1),
    ] = 36
    close_share: Annotated[
        float,
        Field(
            ge=0,
            le=0.5,
            description="It is too close to call where the runner-up costs on average less than "
            "this share more than the cheapest, or less than 20 USD a month more where that is "
            "the larger of the two. 0: any difference decides.",
        ),
        Knob("Too close to call within", "fraction", "close", 0.01),
    ] = 0.05

    @property
    def demanded_p95_s(self) -> float | None:
        """The latency objective where it must be held, s; None where it is the default wish."""
        wish = type(self).model_fields["slo_p95_s"].default
        return self.slo_p95_s if self.slo_demanded or self.slo_p95_s != wish else None
