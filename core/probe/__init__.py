"""How fast is it: measures an embedder with every timestamp kept. Knows no price and no store.

``addresses/``: Which addresses may be called, however they are spelt.
``answers/``: Whether an answer is one, and what only a question of its own can show.
``embedders/``: Who turns texts into vectors: by name, for the probe and for a program.
``findings/``: What a run found, put together from its samples.
``recognise/``: What answers at an address that somebody typed, and what it says of itself.
``records/``: What a run is made of, as plain values: plan, sample, moments, end.
``refusal/``: What a server says where it refuses: its own sentence, made fit to be kept, and what
    it means.
``sending/``: How a plan's requests leave: when, in which order, and how each is recorded.
``statistics/``: How far a sample can be trusted: percentiles, intervals, differences.
``wire/``: How bytes go out and come back: route, proxy, HTTP, time stamps.
``sample_texts``: Texts to probe with: a built-in set of varied length, or the user's own.
"""
