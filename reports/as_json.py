"""The report for programs: every figure as the views give it, and the sentences."""

from typing import Any

import msgspec

from reports.figures import Figures
from reports.section import Report


def as_json(figures: Figures, report: Report) -> str:
    """One object: `report`, `headlines`, `sentences` by section, and all figures under their own names."""
    page: dict[str, Any] = {
        "report": {
            "title": report.title,
            "month": f"{figures.period.month:%Y-%m}",
            "market": figures.market,
            "partial": figures.period.partial,
            "warnings": report.warnings,
        },
        "headlines": report.headlines,
        "sentences": {section.key: section.sentences for section in report.sections},
    }
    text = msgspec.json.encode(page | msgspec.structs.asdict(figures))
    return msgspec.json.format(text, indent=2).decode() + "\n"
