"""What is stored of a test of quality."""

from core.measurement.beside.quality_found import CandidateQuality, QualityReport, VectorForm


def candidate(label: str, form: VectorForm, failure: str = "") -> CandidateQuality:
    """A candidate without figures."""
    return CandidateQuality(
        label=label, option_id=f"api/{label}", model=label, form=form, failure=failure
    )


def test_a_candidate_is_named_with_what_was_done_to_its_vectors() -> None:
    """As they come, cut, rounded, both."""
    forms = (
        VectorForm(),
        VectorForm(dims=256),
        VectorForm(int8=True),
        VectorForm(dims=256, int8=True),
    )
    assert [candidate("3-small", form).name for form in forms] == [
        "3-small",
        "3-small, 256 dimensions",
        "3-small, int8",
        "3-small, 256 dimensions, int8",
    ]


def test_a_failure_is_told_once_for_all_forms_of_a_model() -> None:
    """It is the model's, not the form's."""
    report = QualityReport(
        k=10,
        queries=50,
        documents=90,
        corpus="0" * 64,
        seed=0,
        draws=10,
        candidates=(
            candidate("a", VectorForm(), "It broke."),
            candidate("a", VectorForm(int8=True), "It broke."),
            candidate("b", VectorForm()),
        ),
        differences=(),
    )
    assert report.failures == "a: It broke."
    assert not report.has_figures
    assert [one.label for one in report.plain] == ["a", "b"]
