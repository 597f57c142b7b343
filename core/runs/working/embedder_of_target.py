"""From a plan's target to the embedder that speaks to it."""

from pydantic import SecretStr

from core.catalog.schema import WireFormat
from core.errors import MissingKeyError
from core.probe.addresses.egress import Address
from core.probe.addresses.reach import Reach
from core.probe.embedders.by_name import EMBEDDERS, make_embedder, refuse_unspoken
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.records.embedder import Embedder
from core.probe.records.probe_plan import ApiTarget
from core.probe.wire.route import DIRECT, Route

__all__ = ["EMBEDDERS", "api_embedder", "other_encoding", "refuse_unreachable"]


def api_embedder(target: ApiTarget, key: SecretStr | None, route: Route = DIRECT) -> Embedder:
    """The embedder for a remote target.

    Raises MissingKeyError, EgressError, or RunError where nobody speaks its wire format.
    """
    refuse_unreachable(target, key, route.reach)
    return make_embedder(target, key, route)


def other_encoding(
    target: ApiTarget, key: SecretStr | None, route: Route = DIRECT
) -> Embedder | None:
    """The same target asked for JSON numbers; None where its format has one encoding alone."""
    endpoint = target.endpoint
    if endpoint.wire is not WireFormat.OPENAI_COMPATIBLE or "encoding_format" in endpoint.body:
        return None
    return OpenAICompatible(target, key, encoding="float", route=route)


def refuse_unreachable(target: ApiTarget, key: SecretStr | None, reach: Reach) -> Address:
    """Raise what :func:`api_embedder` would, before anything is made; the address as judged."""
    address = target.address(reach)
    refuse_unspoken(target)
    endpoint = target.endpoint
    if endpoint.key_env is not None and (key is None or not key.get_secret_value()):
        raise MissingKeyError(
            f"The key for {endpoint.base_url} is not set: set {endpoint.key_env} and start again, "
            "or enter the key on the page."
        )
    return address
