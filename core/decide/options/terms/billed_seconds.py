"""Seconds of compute that a text is billed, where that is how an API is paid."""

import numpy as np

from core.catalog.schema import ApiOffer, Card, Catalog
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.capacity.replica_capacity import machine_of
from core.decide.case import Case
from core.decide.load.text_load import TextLoad
from core.decide.options.terms.usage import texts_per_call
from core.serving.batch.physics import FLOPS_PER_TFLOP, ModelShape, flops_per_token
from core.serving.law.batch_law import Machine, ServerKind, law_batch_time
from core.serving.law.law_numbers import LAW
from core.serving.response.varied import VariedTexts


def billed_seconds(offer: ApiOffer, texts: TextLoad, case: Case) -> float | None:
    """Seconds of one text of an offer by the second; None where nothing tells how many.

    A call's texts run as one batch by the law of size on the offer's card. What the catalogue's
    seconds are above it, for their own model and length, comes on top of every call: start-up and
    network of this provider. Never less than the text's operations at the card's dense peak. Where
    card or model is not known the catalogue's seconds hold, and longer texts take as much longer.
    Whether the weights fit into the card is asked apart.
    """
    card = case.catalog.card(offer.card) if offer.card else None
    model = case.catalog.model(offer.model or case.scenario.hosting.model)
    shape = shape_of(model)
    if card is None or shape is None:
        return _longer(offer, texts)
    together = texts_per_call(offer, case.scenario.serverless, texts.tokens)
    machine = machine_of(card, None, case.catalog)
    law = law_batch_time(shape, machine, ServerKind.SERVER, LAW)
    above = _above_the_law(offer, machine, case.catalog)
    call_s = above + VariedTexts(law, texts.lengths).cost.seconds(together)
    return max(call_s / together, _at_peak(shape, texts, card))


def _longer(offer: ApiOffer, texts: TextLoad) -> float | None:
    seconds, tokens = offer.seconds_per_request, offer.seconds_tokens
    if seconds is None or tokens is None:
        return seconds
    return seconds * max(1.0, texts.tokens / tokens)


def _above_the_law(offer: ApiOffer, machine: Machine, catalog: Catalog) -> float:
    """The catalogue's seconds of a call less the law's; below 0 where its server is quicker."""
    seconds, tokens = offer.seconds_per_request, offer.seconds_tokens
    shape = shape_of(catalog.model(offer.seconds_model or offer.model or ""))
    if seconds is None or tokens is None or shape is None:
        return 0.0
    law = law_batch_time(shape, machine, ServerKind.SERVER, LAW)
    return seconds - law.seconds(1, tokens)


def _at_peak(shape: ModelShape, texts: TextLoad, card: Card) -> float:
    """Operations of a text over the dense peak, s: the mean over the lengths."""
    flops = [tokens * flops_per_token(shape, tokens) for tokens in texts.lengths]
    return float(np.mean(flops)) / (card.dense_tflops * FLOPS_PER_TFLOP)
