"""What every engine needs: status, batches, token rows, errors.

``batch_groups``: Batches of texts of like length: what is padded is computed for nothing.
``engine_faults``: Error translation, the libraries' exceptions as EngineError: what failed, when,
    and the mend.
``info``: What a loaded engine says of itself: everything that a measurement of it must state.
``same_vectors``: Whether an engine's vectors are the model's own: compared on texts that are easily
    got wrong.
``status``: Whether the local model could run here, found out without importing torch.
``token_rows``: Texts as rows of token numbers, and rows as the padded table that a model reads.
``wish``: What the user asks of the local engine; everything left open is chosen by what is there.
"""
