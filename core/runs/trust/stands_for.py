"""Which option a server is, by a person's word on this computer: its sweep then measures it.

No file carries that word: a plan, a link or an import may call a server what it likes, and measures
by it nothing here.
"""

from core.catalog.schema import Catalog
from core.errors import RunError
from core.measurement.latency import Subject
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, hybrid_parts, machine_and_model, pair_id

EXAMPLE = "aws/g6.xlarge@BAAI/bge-m3"


def option_said(catalog: Catalog, typed: str, wire_model: str) -> str:
    """The id of the machine with its model that a person says a server is.

    A machine without a model gets the one that is asked there, where the catalogue knows it. Raises
    RunError for an API, a hybrid, or an id or model that is not known.
    """
    typed = typed.strip()
    machine, model_id = machine_and_model(typed)
    if hybrid_parts(machine) is not None or catalog.find_api(typed) is not None:
        raise RunError(
            f"{typed[:80]} is paid by use, so no throughput of yours replaces anything of it. Name "
            f"a machine with its model, such as {EXAMPLE}."
        )
    if not _is_machine(catalog, machine):
        raise RunError(
            f"The catalogue has no machine called {machine[:80]!r}. Name one of its own, or of "
            f"yours, with its model, such as {EXAMPLE}."
        )
    return pair_id(machine, _model(catalog, machine, model_id, wire_model))


def unit_words(catalog: Catalog, machine: str) -> str:
    """What one machine of an option is, with its cards: what a sweep's capacity is divided into."""
    rented, owned = catalog.find_machine(machine), catalog.owned_card(machine)
    if rented is not None:
        cards = rented[1].card_count if rented[1].card is not None else 0
        with_cards = f" with its {cards} cards" if cards > 1 else ""
        return f"{rented[1].label}{with_cards}"
    return "this computer" if owned is None else f"a computer with one {owned.name}"


def _is_machine(catalog: Catalog, machine: str) -> bool:
    rented, owned = catalog.find_machine(machine), catalog.owned_card(machine)
    return machine == THIS_MACHINE or rented is not None or owned is not None


def _model(catalog: Catalog, machine: str, model_id: str | None, wire_model: str) -> str:
    """Id of the model that the server runs. Raises RunError where the catalogue has none such."""
    wanted = model_id or wire_model
    known = [model.id for model in catalog.models if _is_called(model.id, wanted)]
    exact = [known_id for known_id in known if known_id == wanted]
    if len(exact or known) != 1:
        raise RunError(
            f"Say which model of the catalogue this server runs: {machine}@MODEL, such as "
            f"{EXAMPLE}. It has none, or several, called {wanted[:80]!r}."
        )
    return (exact or known)[0]


def _is_called(model_id: str, wanted: str) -> bool:
    """Whether a name means a model: whole, or without its owner, in whatever case."""
    full, short = model_id.casefold(), wanted.casefold()
    return full == short or full.rpartition("/")[2] == short


def as_option(measured: Measurement, option_id: str) -> Measurement:
    """What was measured of a server, as of the machine and model that a person says it is."""
    if option_id == measured.subject.option_id:
        return measured
    model_id = machine_and_model(option_id)[1]
    names = {"option_id": option_id, "model": model_id or measured.subject.model}
    subject: Subject = measured.subject.model_copy(update=names)
    return measured.model_copy(update={"subject": subject})
