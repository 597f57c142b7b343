"""What may be typed after `breakeven probe`: each option with its limits and its help."""

from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from core.cli.probing.limits.limit_text import METRICS
from core.probe.records.any_schedule import MOST_REQUESTS
from core.scenario import HIGHEST_PRICE_USD

MOST_SEED: Final = 2**53 - 1
"""The largest whole number that every reader of JSON keeps to the last digit."""
OptionId = Annotated[
    str,
    typer.Option(
        help="Option of the catalogue, such as openai/text-embedding-3-small; this-machine@MODEL "
        "is a model whose weights are here."
    ),
]
BaseUrl = Annotated[
    str,
    typer.Option(help="Address of another endpoint; alone it asks the server what it is."),
]
Model = Annotated[str, typer.Option(help="Name of the model at that address.")]
Wire = Annotated[str, typer.Option(help="What it speaks.")]
KeyEnv = Annotated[
    list[str] | None,
    typer.Option(help="Variable that holds its key; HOST:PORT=VARIABLE where several ask one."),
]
UsdPerMtok = Annotated[
    float,
    typer.Option(
        min=0, max=HIGHEST_PRICE_USD, help="Its price for 1M tokens, for the spending cap."
    ),
]
UsdPerSecond = Annotated[
    float,
    typer.Option(
        min=0, max=HIGHEST_PRICE_USD, help="Its price for a second of compute, if it bills that."
    ),
]
Free = Annotated[
    bool, typer.Option("--free", help="It is a server of your own: a call costs nothing.")
]
ClientName = Annotated[str, typer.Option(help="probe, or openai_sdk to time OpenAI's.")]
InputField = Annotated[str, typer.Option(help="Name of the texts (Replicate).")]
Dimensions = Annotated[int, typer.Option(min=0, max=65_536, help="Dimensions to ask for.")]
TextsFile = Annotated[
    Path | None, typer.Option(help="Texts of your own, one a line or between blank lines.")
]
Requests = Annotated[
    int,
    typer.Option(
        min=1, max=MOST_REQUESTS, help="Measured requests; pairs; of each step of --concurrency."
    ),
]
RatePerS = Annotated[
    float, typer.Option(min=0.0001, max=10_000, help="Requests, or pairs, a second.")
]
Arrivals = Annotated[
    Literal["poisson", "constant"],
    typer.Option(help="How they come: drawn, or at equal distances."),
]
RampRates = Annotated[
    str,
    typer.Option(
        metavar="RATES",
        help="Higher and higher rates until a limit shows: 1:64:2x, 10:50:+10, or 1,2,5.",
    ),
]
StepS = Annotated[
    float, typer.Option(min=0.1, max=600, help="Seconds that --ramp keeps each rate up.")
]
Batches = Annotated[
    str,
    typer.Option(
        metavar="SIZES",
        help="Texts in a request, such as 1,4,16,64, in random order: what is fixed, what grows.",
    ),
]
Characters = Annotated[
    str,
    typer.Option(
        metavar="LENGTHS",
        help="To which --batches cuts or repeats the texts; 0 leaves them as they are.",
    ),
]
Repeats = Annotated[
    int,
    typer.Option(
        min=0, max=100, show_default="5 and 3", help="Times that --batches and --cold try each."
    ),
]
Concurrency = Annotated[
    str,
    typer.Option(
        metavar="WORKERS",
        help="At a time, each asking again once it has its answer: 8; or 1,2,4,8, in turn.",
    ),
]
Cold = Annotated[
    str,
    typer.Option(
        metavar="SECONDS",
        help="Silences before a first call, such as 1,10,60: which makes it cold?",
    ),
]
ObjectiveS = Annotated[
    float | None,
    typer.Option(min=0.001, max=3600, help="Objective: seconds within which an answer is good."),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0, max=MOST_SEED, help="Repeat the arrivals of a run with this seed; else drawn anew."
    ),
]
TimeoutS = Annotated[
    float, typer.Option(min=0.001, max=600, help="Seconds that a request may take.")
]
Retries = Annotated[
    int, typer.Option(min=0, max=5, help="Send again what failed for a while; counted.")
]
Inspect = Annotated[
    bool, typer.Option("--inspect", help="Then ask whether it cuts texts or caches answers.")
]
Against = Annotated[
    list[str] | None,
    typer.Option(help="Option to compare with, in random pairs; may be given several times."),
]
Neighbours = Annotated[
    int, typer.Option(min=0, max=100, help="Of a comparison: compare so many nearest texts, too.")
]
PlanFile = Annotated[
    Path | None, typer.Option(help="A whole plan as JSON; `breakeven schema plan` prints its form.")
]
To = Annotated[
    list[str] | None,
    typer.Option(
        help="HOST:PORT that a plan, or an option of your own catalogue folder, may send to; "
        "kept on this computer; may be given several times."
    ),
]
CustomCode = Annotated[
    bool, typer.Option("--allow-custom-code", help="Of a plan: run Python files of its model.")
]
FailIf = Annotated[
    list[str] | None,
    typer.Option(
        metavar="LIMIT",
        help="Exit with 3 where this holds: 'p95 > 300ms', 'errors > 1%'. Several times; of "
        f"{', '.join(METRICS)}. The value decides; a run too small to know says so.",
    ),
]
CompareWith = Annotated[
    str, typer.Option(metavar="RUN", help="Id of an earlier run of the same load: what changed?")
]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="Print a summary and the run with its samples, for `runs import`."),
]
