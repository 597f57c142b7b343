"""Kinds of processor as a table: what a vCPU of each could do, and what it was seen to do."""

from datetime import date

import pandas as pd

from core.catalog.schema import Catalog, Cpu
from dashboard.components.prices.catalogue_tables import Record, source_columns


def cpu_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Every kind of processor; its peaks are computed."""
    return pd.DataFrame(_record(cpu, as_of) for cpu in catalog.cpus)


def _record(cpu: Cpu, as_of: date) -> Record:
    return {
        "Processor": cpu.name,
        "fp32 TFLOP/s a vCPU, computed": cpu.fp32_tflops,
        "Achieved fp32 GFLOP/s": cpu.achieved_fp32_gflops,
        "bf16 TFLOP/s, computed": cpu.bf16_tflops,
        "int8 TOP/s, computed": cpu.int8_tops,
        "Assumed clock (GHz)": cpu.clock_ghz,
        "A vCPU is": f"a {cpu.vcpu}" if cpu.vcpu else "",
        "Instruction sets": ", ".join(cpu.instruction_sets),
        "Architecture": cpu.architecture,
        "Cpu id": cpu.id,
        **source_columns(cpu.source, as_of),
        "Note": cpu.source.note,
    }
