"""What a comparison by the month says of a corpus: that it is no part of it, and what it costs."""

from core.cost.curve.breakdown import amount
from core.decide.job.job_words import days_words, usd_words
from core.decide.result.snapshot import OptionAtVolume


def corpus_line(corpus_tokens: float, winner: OptionAtVolume | None) -> str:
    """One sentence on the corpus through the month's winner; "" where there is no corpus."""
    if corpus_tokens == 0:
        return ""
    about = f"The corpus of {amount(corpus_tokens)} tokens is no part of the monthly cost"
    once = None if winner is None else winner.one_off
    if winner is None or once is None:
        return f"{about}."
    if once.usd is None:
        return f"{about}, and what it costs through {winner.option.label} is not known."
    late = ", beyond its deadline" if once.meets_deadline is False else ""
    return (
        f"{about}: once through {winner.option.label} it costs {usd_words(once.usd)} and takes "
        f"{days_words(once.days)}{late}."
    )
