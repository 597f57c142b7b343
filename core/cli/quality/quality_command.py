"""`breakeven quality`: what a cheaper model would lose, measured on one's own pairs."""

from dataclasses import replace

from core.cli.endpoint_flags import Body, KeyHeader, Query, endpoint_fields
from core.cli.probing import probe_run, spending
from core.cli.probing.confirming import refuse_idle, servers_meant
from core.cli.probing.probe_options import (
    AsJson,
    BaseUrl,
    Dimensions,
    Free,
    KeyEnv,
    Model,
    Seed,
    To,
    UsdPerMtok,
    UsdPerSecond,
    Wire,
)
from core.cli.quality.quality_options import (
    Against,
    AtRank,
    Dims,
    DocumentPrefix,
    DocumentsFile,
    Int8,
    Option,
    PairsFile,
    QueryPrefix,
    asking_of,
)
from core.cli.quality.quality_run import carry_out, corpus_of
from core.cli.support import whole_catalog
from core.runs.quality.quality_job import most_texts, quality_plan
from core.scenario import THIS_MACHINE
from core.settings import load_settings


def quality(
    pairs: PairsFile = None,
    *,
    documents: DocumentsFile = None,
    option: Option = THIS_MACHINE,
    against: Against = None,
    base_url: BaseUrl = "",
    model: Model = "",
    wire: Wire = "openai_compatible",
    key_header: KeyHeader = "",
    query: Query = None,
    body: Body = None,
    key_env: KeyEnv = None,
    usd_per_mtok: UsdPerMtok = 0.0,
    usd_per_second: UsdPerSecond = 0.0,
    free: Free = False,
    dimensions: Dimensions = 0,
    k: AtRank = 10,
    dims: Dims = None,
    int8: Int8 = False,
    query_prefix: QueryPrefix = None,
    document_prefix: DocumentPrefix = None,
    seed: Seed = None,
    to: To = None,
    as_json: AsJson = False,
) -> None:
    """Measure what models find of your own queries: recall and nDCG, compared in pairs.

    Every text goes once to each candidate, within your caps, and is stored nowhere.
    A server at an address is compared with --against; --option is left out then.
    """
    settings = load_settings()
    corpus = corpus_of(pairs, documents, settings)
    price = spending.price_of(usd_per_mtok, usd_per_second)
    terms = spending.Terms(price, free, tuple(key_env or ()))
    at = probe_run.at_address(
        settings, terms, base_url, model, wire, endpoint_fields(key_header, query, body)
    )
    whom = probe_run.Whom(option, at, price, {"dimensions": dimensions or None}, against or ())
    catalog = whole_catalog(settings)
    candidates, mine = probe_run.candidates_of(settings, whom, catalog)
    limits = [most_texts(catalog, candidate.option_id) for candidate in candidates]
    asking = asking_of(candidates, limits, query_prefix, document_prefix)
    plan = quality_plan(corpus, candidates, asking, settings.place, k=k, dims=dims or (), int8=int8)
    refuse_idle(plan, to or ())
    if seed is not None:
        plan = plan.model_copy(update={"seed": seed, "seed_drawn": False})
    meant = servers_meant(plan, settings.data_dir, to or (), "" if at is None else at.base_url)
    carry_out(settings, plan, corpus, replace(terms, options=mine), meant, as_json=as_json)
