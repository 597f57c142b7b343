"""Which machine of the catalogue a server is, with which model: two selects."""

import streamlit as st

from dashboard.components.shared.labels import distinct
from dashboard.resources.reach import servers
from dashboard.state import session


def option_fields(key: str) -> tuple[str, str]:
    """Two selects: the machine that a server is ("" for none), and the model on it."""
    labels = {"": "None of these machines"} | dict(servers.machines())
    texts = distinct(labels, labels.__getitem__)
    left, right = st.columns(2)
    machine = left.selectbox(
        "This server is", list(texts), format_func=texts.__getitem__, key=f"{key}/machine"
    )
    models = servers.catalogue_models()
    hosted = session.scenario().hosting.model
    model_id = right.selectbox(
        "with the model",
        models,
        index=models.index(hosted) if hosted in models else 0,
        disabled=not machine,
        key=f"{key}/option-model",
    )
    return machine or "", model_id or hosted
