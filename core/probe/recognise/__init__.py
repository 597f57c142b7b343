"""What answers at an address that somebody typed, and what it says of itself.

``answer_fields``: What a strange server answered, and its fields by their kinds: nothing is
    believed.
``cloud_and_gateway_readers``: Servers before or beside models: Azure OpenAI, LiteLLM, LocalAI, and
    whoever else speaks OpenAI's interface.
``desktop_readers``: Servers of llama.cpp's family, on one's own desk: Ollama, llama.cpp, LM Studio.
``judged_asking``: Asks a server beside the measurement: judged like the probe, small, quick,
    without a redirect.
``mended_address``: An address as a person types or pastes it, mended, and what was changed.
``metrics_difference``: What a server's own counters say of the time between two looks at them.
``metrics_text``: Prometheus' text format as totals by name and label.
``recognise_server``: Asks a server what it is, a few questions, each led to by the answers before.
``recognised``: What was recognised, as a plain value, and what is not known of it.
``serving_readers``: Servers that are made to serve models: TEI, vLLM, Infinity, NIM, OpenVINO.
"""
