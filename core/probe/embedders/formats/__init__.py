"""How each provider's requests are written: one file a wire format.

``cohere``: Cohere's POST /v2/embed, as documented at https://docs.cohere.com/reference/embed .
``google``: Google's Gemini API: POST /v1beta/models/<model>:batchEmbedContents.
``huggingface``: Hugging Face's feature extraction: the router's ``hf-inference`` and dedicated
    endpoints.
``json_format``: One POST of JSON for each request: a wire format says where, with what, and how it
    is read.
``json_post``: One POST of JSON over the timed transport, shared by every remote wire format.
``ollama``: Ollama's own POST /api/embed.
``openai_compatible``: The wire format of POST /v1/embeddings as OpenAI documents it, spoken by many
    services.
``replicate``: Replicate's predictions: a model of somebody's, run once for each request.
``server_headers``: What the headers of an answer say of the server: its times, its limits, its
    wait.
``tei``: Text Embeddings Inference's own POST /embed.
``voyage``: Voyage's POST /v1/embeddings, as at https://docs.voyageai.com/reference/embeddings-api .
"""
