"""What machines that there are so many of carry, and what takes the rest."""

from core.decide.capacity.meets_objective import shown_volume
from core.decide.mine.already_there import noun_of, plural
from core.decide.result.option import Option


def carried_words(option: Option, ceiling: float) -> str:
    """Why so many of one's own do not serve a volume: what they carry, tokens/month, and a way."""
    many = option.many or 0
    yours = f"Your {many:,} {plural(many, noun_of(option.id))}"
    if ceiling == 0:
        return f"{yours} carry nothing in time at your peak. Ask for less, or have quicker ones."
    carry = "carries" if many == 1 else "carry"
    shown = shown_volume(ceiling)
    if option.burst is not None:
        return (
            f"{yours} and the limit of its API let {shown} tokens/month through at your peak. Ask "
            "for a higher tier, or have more machines."
        )
    return (
        f"{yours} {carry} {shown} tokens/month at your peak. Let an API with the same weights take "
        "the rest, or have more of them."
    )
