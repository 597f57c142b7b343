"""Which streams of a file are the embedding load: what chat models were asked is none."""

from collections.abc import Collection
from dataclasses import dataclass

from core.errors import LoadImportError
from core.usage.columns import shown
from core.usage.sums import Stream, Sums, Usage

EMBEDS = "embed"
"""In the name of a call, a path or a model: aembedding, /v1/embeddings, text-embedding-3-small."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person chose; empty: by the names."""

    models: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The streams that count, and those that were left out."""

    streams: tuple[Stream, ...]
    left_out: tuple[Stream, ...]
    sums: Sums
    by_name: bool
    """Whether they were told apart by names that say embedding."""


def chosen(usage: Usage, wanted: Wanted, known_models: Collection[str] = ()) -> Chosen:
    """The streams that count, together. ``known_models``: names of embedding models.

    Raises LoadImportError for a choice that leaves nothing, with what there is.
    """
    streams = sorted(usage.streams)
    counted = [stream for stream in streams if _is_wanted(stream, wanted)]
    if not counted:
        there = [stream.label or "requests without a model" for stream in streams]
        raise LoadImportError(f"Nothing of the file is left: there are {shown(there)}.")
    embedding = [stream for stream in counted if _embeds(stream, known_models)]
    by_name = bool(embedding) and len(embedding) < len(counted) and not wanted.calls
    if by_name and not wanted.models:
        counted = embedding
    total = Sums()
    for stream in counted:
        total.take_in(usage.streams[stream])
    left = tuple(stream for stream in streams if stream not in counted)
    return Chosen(tuple(counted), left, total, by_name and not wanted.models)


def _is_wanted(stream: Stream, wanted: Wanted) -> bool:
    return (not wanted.models or stream.model in wanted.models) and (
        not wanted.calls or stream.call in wanted.calls
    )


def _embeds(stream: Stream, known_models: Collection[str]) -> bool:
    if stream.call and EMBEDS in stream.call.lower():
        return True
    name = stream.model.rpartition("/")[2].lower()
    known = {model.rpartition("/")[2].lower() for model in known_models}
    return not stream.call and (EMBEDS in name or name in known)
