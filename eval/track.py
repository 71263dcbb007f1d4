"""Log an evaluation to MLflow: numbers, hashes and ids go in, note text never.

The only module that imports mlflow. The store is ``sqlite:///mlflow.db`` with an explicit artifact folder beside it unless
``MLFLOW_TRACKING_URI`` names another.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXPERIMENT = "doc2pos evaluation"
DEFAULT_STORE = "sqlite:///mlflow.db"
_NAME = re.compile(r"[^\w./ -]")


def log_run(name: str, params: Mapping[str, str], table: Mapping[str, Mapping[str, Any]], rows: list[dict[str, Any]]) -> str:
    """Log one evaluation and return its run id.

    Parameters
    ----------
    name : str
        Run name a person can find.
    params : mapping
        Hashes and settings.
    table : mapping
        ``{figure: {"value", "n", "low", "high"}}``.
    rows : list of dict
        One per note: id, truth, answer, probability. No text.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("DO_NOT_TRACK", "true")
    import mlflow

    mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI", DEFAULT_STORE))
    experiment = mlflow.get_experiment_by_name(EXPERIMENT)
    experiment_id = (
        experiment.experiment_id
        if experiment
        else mlflow.create_experiment(EXPERIMENT, artifact_location=Path("mlartifacts").resolve().as_uri())
    )
    with mlflow.start_run(experiment_id=experiment_id, run_name=name) as run:
        mlflow.log_params(dict(params))
        for figure, found in table.items():
            for part in ("value", "low", "high", "n"):
                if found.get(part) is not None:
                    suffix = "" if part == "value" else f" {part}"
                    mlflow.log_metric(
                        _NAME.sub("", figure.replace("%", " percent").replace("'", "")) + suffix, float(found[part])
                    )
        mlflow.log_dict({"figures": dict(table)}, "figures.json")
        mlflow.log_dict({"notes": rows}, "notes.json")
        return str(run.info.run_id)
