"""What may be typed after `breakeven probe`: each option with its limits and its help."""

from pathlib import Path
from typing import Annotated

import typer

OptionId = Annotated[
    str,
    typer.Option(
        help="Option of the catalogue, such as openai/text-embedding-3-small; this-machine@MODEL "
        "is a model whose weights are here."
    ),
]
BaseUrl = Annotated[str, typer.Option(help="Address of another endpoint.")]
Model = Annotated[str, typer.Option(help="Name of the model at that address.")]
Wire = Annotated[str, typer.Option(help="What it speaks.")]
KeyEnv = Annotated[
    list[str] | None,
    typer.Option(help="Variable that holds its key; HOST:PORT=VARIABLE where several ask one."),
]
UsdPerMtok = Annotated[
    float, typer.Option(min=0, help="Its price for 1M tokens, for the spending cap.")
]
UsdPerSecond = Annotated[
    float, typer.Option(min=0, help="Its price for a second of compute, if it bills that.")
]
Free = Annotated[
    bool, typer.Option("--free", help="It is a server of your own: a call costs nothing.")
]
ClientName = Annotated[str, typer.Option(help="probe, or openai_sdk to time OpenAI's.")]
InputField = Annotated[str, typer.Option(help="Name of the texts (Replicate).")]
Dimensions = Annotated[int, typer.Option(min=0, help="Dimensions to ask for.")]
TextsFile = Annotated[
    Path | None, typer.Option(help="Texts of your own, one a line or between blank lines.")
]
Requests = Annotated[int, typer.Option(min=1, help="Measured requests, or pairs.")]
RatePerS = Annotated[float, typer.Option(help="Requests, or pairs, a second.")]
Seed = Annotated[
    int | None,
    typer.Option(min=0, help="Repeat the arrivals of a run with this seed; else drawn anew."),
]
TimeoutS = Annotated[float, typer.Option(help="Seconds that a request may take.")]
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
    int, typer.Option(min=0, help="Of a comparison: compare so many nearest texts, too.")
]
PlanFile = Annotated[
    Path | None, typer.Option(help="A whole plan as JSON, with any schedule and targets.")
]
To = Annotated[
    list[str] | None,
    typer.Option(
        help="Of a plan: HOST:PORT that it may send to, where that is no option of the "
        "catalogue; may be given several times."
    ),
]
CustomCode = Annotated[
    bool, typer.Option("--allow-custom-code", help="Of a plan: run Python files of its model.")
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print the run with its samples, for `runs import`.")
]
