"""What the body of an answer holds: bytes to vectors, every defect named.

``answer_body``: From the bytes of a body to vectors: what every wire format does alike, every
    defect named.
``openai_answer``: The body of an embeddings answer in OpenAI's form: bytes to vectors.
``refused``: What a refusal means, by its status and by what the server says, and where it was asked
    for.
"""
