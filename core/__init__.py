"""Breakeven without a screen: prices, cost model, probe and store. Never imports streamlit.

``catalog/``: Prices, cards, models, throughputs and assumptions: dated, sourced, never overwritten.
``cli/``: What the command `breakeven` does in a terminal.
``cost/``: What does an option cost: formulas over volume, in numbers alone.
``decide/``: Which option should it be: from a question and a catalogue to an answer.
``engines/``: How does a model run on this computer. Imports torch at call time, in the worker
    process only.
``measurement/``: What was measured, where, on what: shared by decide, store and probe.
``probe/``: How fast is it: measures an embedder with every timestamp kept. Knows no price and no
    store.
``quality/``: Whether a model finds what one's own queries ask for: from vectors to figures with
    intervals.
``runs/``: How a probe becomes a run: started, paid for, watched, stored. Alone knows probe and
    store.
``scenario/``: The whole question: workload, calendar, objective, prices, options.
``serving/``: How much a replica carries, and how long a request waits for it.
``snapshot/``: A whole question in one text: everything that defines its answer, to be carried
    elsewhere.
``store/``: Runs, samples and the ledger in SQLite (or PostgreSQL by URL).
``usage/``: What a file of one's own use says of the load: volume, rhythm, peak and lengths.
``errors``: The errors a person may see. Each says what is wrong, where, and what to do next.
``file_lock``: A lock on an open file, which the system frees when its holder ends, however that
    ends.
``grade``: How well a claim is founded: one scale for prices, limits, places, rates and latencies.
``json_pieces``: Untrusted JSON in pieces: of a large text only one piece at a time is made into
    objects.
``money``: The currency in which amounts are shown. The model computes in USD: only what is read is
    turned.
``plain_text``: Texts of strangers: what a name may hold, and how any text is made fit to be shown.
``refusals``: The first fault that pydantic found, in words for a person: what, the limit, what was
    given.
``settings``: Settings of this installation, from environment variables named ``BREAKEVEN_*``.
``uncollected``: Work that makes much and throws nothing away: without searches for garbage in all
    of it.
``units``: Units, constants and the calendar: the only place where a conversion factor is written.
"""
