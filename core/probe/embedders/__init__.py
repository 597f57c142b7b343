"""Who turns texts into vectors: by name, for the probe and for a program.

``bodies/``: What the body of an answer holds: bytes to vectors, every defect named.
``formats/``: How each provider's requests are written: one file a wire format.
``wrapped/``: What an embedder becomes with another one inside: retried, batched, mixed.
``by_name``: Every wire format that is spoken, by its name in the catalogue.
``library``: The embedders for a program: texts in, one array out.
``openai_sdk``: The same request through OpenAI's own client: what its convenience costs a call can
    be seen so.
"""
