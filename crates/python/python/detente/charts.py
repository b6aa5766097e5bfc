"""Pictures as Vega-Lite: data inline, shown by Jupyter without a package."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any, cast

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


class Chart:
    """A picture: its specification is ``spec``."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self.spec = {"$schema": SCHEMA, **spec}

    def to_json(self, path: str | Path | None = None) -> str:
        """The specification as text; also written where a path is given."""
        text = json.dumps(self.spec, ensure_ascii=False, indent=1)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def to_altair(self) -> Any:
        """The picture as Altair's (package ``altair``)."""
        return cast(Any, import_module("altair")).Chart.from_dict(self.spec)

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return {"application/vnd.vegalite.v5+json": self.spec, "text/plain": repr(self)}

    def __repr__(self) -> str:
        title = self.spec.get("title")
        words = title.get("text") if isinstance(title, dict) else title
        return f"<Chart {words!r}, {len(self.spec['data']['values'])} rows>"


def bars(rows: list[dict[str, Any]], label: str, value: str, unit: str, title: str, subtitle: list[str]) -> Chart:
    """Bars of one number by name, those below zero in another colour."""
    return Chart(
        {
            "title": {"text": title, "subtitle": subtitle, "anchor": "start"},
            "data": {"values": rows},
            "mark": "bar",
            "encoding": {
                "y": {"field": label, "type": "nominal", "sort": None, "title": None},
                "x": {"field": value, "type": "quantitative", "title": unit},
                "color": {"condition": {"test": f"datum[{json.dumps(value)}] < 0", "value": "#b2182b"}, "value": "#2166ac"},
                "tooltip": [{"field": label, "type": "nominal"}, {"field": value, "type": "quantitative", "format": ".6g"}],
            },
        }
    )


def points(rows: list[dict[str, Any]], x: str, y: str, names: tuple[str, str], title: str, subtitle: list[str]) -> Chart:
    """Points in a plane of two sides, joined in their order."""
    return Chart(
        {
            "title": {"text": title, "subtitle": subtitle, "anchor": "start"},
            "data": {"values": rows},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": x, "type": "quantitative", "title": names[0], "scale": {"zero": False}},
                "y": {"field": y, "type": "quantitative", "title": names[1], "scale": {"zero": False}},
                "order": {"field": "order", "type": "quantitative"},
            },
        }
    )
