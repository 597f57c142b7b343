"""How quick a rented machine without a card is: its vCPUs do all the work."""

from collections.abc import Sequence
from dataclasses import replace

from core.catalog.schema import Catalog, Cpu, ModelCard
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.bare_replica.replica import PARAMS_PER_MILLION
from core.errors import ModelInputError
from core.serving.law.batch_law import KindNumbers, Machine, ServerKind
from core.serving.law.law_numbers import LAW
from core.serving.law.published_rates import Nominal, PublishedRate, Served, nominal_throughput
from core.units import BYTES_PER_GIB

BYTES_PER_WEIGHT = 4
"""fp32, in which a processor runs a model unless somebody asks for int8."""

_INT8 = {
    "amx": "3.7 to 7.3 times as quick through AMX",
    "vnni": "1.8 to 2.3 times as quick with ONNX Runtime",
}
"""int8 against fp32 on Xeon 8480+, by the published runs behind the law of size."""


def processor_nominal(
    model_id: str, cpu: Cpu, vcpus: int, catalog: Catalog, rates: Sequence[PublishedRate]
) -> Nominal:
    """How quick so many vCPUs are together with a model in fp32.

    Raises ModelInputError with a sentence where that cannot be stated.
    """
    one = _of_one_vcpu(model_id, cpu, catalog, rates)
    if one is None:
        raise ModelInputError(
            f"No throughput of {model_id} on {cpu.name} is published, and none can be predicted: "
            "its size per token or the processor's peak is not known. Choose another machine."
        )
    together = replace(one.time, per_token_s=one.time.per_token_s / vcpus)
    counted = f"That is one vCPU; this machine has {vcpus}, counted in full."
    return replace(one, time=together, explanation=f"{one.explanation} {counted}{_int8_note(cpu)}")


def _of_one_vcpu(
    model_id: str, cpu: Cpu, catalog: Catalog, rates: Sequence[PublishedRate]
) -> Nominal | None:
    """What one vCPU does, as if it were alone: published, or by the law of size."""
    if cpu.fp32_tflops is None:
        return None
    shape, (alone, served) = shape_of(catalog.model(model_id)), as_processor(cpu, 1)
    return nominal_throughput(model_id, cpu.id, shape, alone, rates, served)


def as_processor(cpu: Cpu, vcpus: int) -> tuple[Machine, Served]:
    """So many vCPUs as the law of size knows them. Raises ModelInputError where it does not."""
    if cpu.fp32_tflops is None:
        raise ModelInputError(f"The peak of {cpu.name} is not known: choose another machine.")
    return Machine(cpu.fp32_tflops * vcpus, None, vcpus), _served(cpu)


def _served(cpu: Cpu) -> Served:
    """The law in fp32; of a processor that others have run models on, by what it achieved there.

    On processors the share of the peak hardly depends on the model's size.
    """
    kind = ServerKind.CPU_FP32
    if cpu.achieved_fp32_gflops is None or cpu.fp32_tflops is None:
        return Served(kind, LAW)
    share = cpu.fp32_tflops * 1e3 / cpu.achieved_fp32_gflops / LAW.compute
    return Served(kind, replace(LAW, kinds={kind: KindNumbers(share=share)}))


def unheld_reason(model: ModelCard | None, memory_gib: float | None) -> str:
    """Why a model's weights do not fit into a machine; "" where they do, or nobody knows."""
    if model is None or memory_gib is None or model.params_total_m is None:
        return ""
    weights_gib = model.params_total_m * PARAMS_PER_MILLION * BYTES_PER_WEIGHT / BYTES_PER_GIB
    if weights_gib <= memory_gib:
        return ""
    return (
        f"The weights of {model.id} take {weights_gib:.1f} GiB in fp32; the machine has "
        f"{memory_gib:g} GiB. Choose a larger machine or a smaller model."
    )


def _int8_note(cpu: Cpu) -> str:
    """How much quicker others found it in int8; the vectors are then others."""
    quicker = next((said for name, said in _INT8.items() if name in cpu.instruction_sets), "")
    return f" In int8 it would be {quicker}, with slightly other vectors." if quicker else ""
