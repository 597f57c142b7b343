"""What may be typed after `breakeven sweep` of a server: each option with its limits and help."""

from typing import Annotated, Final

import typer

from core.measurement.machines_behind import HELP

OPENAI: Final = "openai_compatible"
MOST_BATCH: Final = 512
SweptUrl = Annotated[
    str, typer.Option(help="Address of a server of your own: sweep it, not this machine's engine.")
]
IsOption = Annotated[
    str,
    typer.Option(
        "--is",
        help="The option that this server is, such as aws/g6.xlarge@BAAI/bge-m3: what is measured "
        "takes the place of its published rate.",
    ),
]
Machines = Annotated[int, typer.Option("--machines", "--replicas", min=1, max=1_000, help=HELP)]
Longest = Annotated[
    float, typer.Option(min=1, max=86_400, help="Seconds that the sweep may take in all.")
]
