"""The table for people, and the same as JSON for machines."""

from __future__ import annotations

import json
import platform
import statistics
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.measurement import NAMES, Measurement

MOST_STATEMENTS = 17
LEAST_RATIO = 0.4
TITLES = {
    "product": "Jiheng: permission, decision, history, audit, notice, next task",
    "bare": "bare viewflow: straight to the next step",
    "bare_with_gateway": "bare viewflow: permission asked, branching through a gateway",
}


def as_data(measurement: Measurement, machine: dict[str, str]) -> dict[str, Any]:
    """The measurement as plain data."""
    return {
        "measured_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine,
        "statements": {name: len(sql) for name, sql in measurement.statements.items()},
        "milliseconds": {name: median_of(measurement, name) for name in NAMES},
        "rounds": [round.milliseconds for round in measurement.rounds],
        "ratio_of_rates": {
            other: {
                "median": measurement.ratio(other),
                "lowest": min(measurement.ratios(other)),
                "highest": max(measurement.ratios(other)),
            }
            for other in NAMES[1:]
        },
        "parts": [vars(part) for part in measurement.parts],
        "sql": measurement.statements,
    }


def median_of(measurement: Measurement, name: str) -> float:
    """Milliseconds of one approval: the median of the rounds' medians."""
    return statistics.median(round.milliseconds[name] for round in measurement.rounds)


def machine(server: dict[str, str]) -> dict[str, str]:
    """What the figures depend on."""
    return {"python": platform.python_version(), "processor": processor(), **server}


def processor() -> str:
    """The processor's name, where the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def table(data: dict[str, Any]) -> str:
    """The measurement for people."""
    lines = [*contestants(data), "", *parts(data), "", *goals(data)]
    return "\n".join(lines)


def contestants(data: dict[str, Any]) -> list[str]:
    lines = [f"{'One approval':<66}{'statements':>11}{'ms':>8}{'per s':>8}{'ratio (spread)':>22}"]
    for name in NAMES:
        spent = data["milliseconds"][name]
        ratio = data["ratio_of_rates"].get(name)
        shown = f"{ratio['median']:.2f} ({ratio['lowest']:.2f}–{ratio['highest']:.2f})" if ratio else ""
        count = data["statements"][name]
        lines.append(f"{TITLES[name]:<66}{count:>11}{spent:>8.2f}{1000 / spent:>8.0f}{shown:>22}")
    return lines


def parts(data: dict[str, Any]) -> list[str]:
    whole = sum(part["milliseconds"] for part in data["parts"])
    lines = [f"{'Its parts':<66}{'statements':>11}{'ms':>8}{'share':>8}"]
    for part in data["parts"]:
        share = part["milliseconds"] / whole
        lines.append(f"  {part['name']:<64}{part['statements']:>11}{part['milliseconds']:>8.2f}{share:>8.0%}")
    return lines


def goals(data: dict[str, Any]) -> list[str]:
    """What is asked for beside what was found."""
    statements = data["statements"]["product"]
    ratio = data["ratio_of_rates"]["bare"]["median"]
    return [
        f"Goal: at most {MOST_STATEMENTS} statements; found {statements}.",
        f"Goal: at least {LEAST_RATIO} of the rate of bare viewflow; found {ratio:.2f}.",
    ]


def goals_met(data: dict[str, Any]) -> bool:
    """Whether both goals are reached."""
    ratio: float = data["ratio_of_rates"]["bare"]["median"]
    return data["statements"]["product"] <= MOST_STATEMENTS and ratio >= LEAST_RATIO


def write(data: dict[str, Any], folder: Path) -> Path:
    """Keep the data under ``folder``, a file for each run."""
    folder.mkdir(parents=True, exist_ok=True)
    moment = datetime.fromisoformat(data["measured_at"])
    path = folder / f"approval-{moment:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n")
    return path
