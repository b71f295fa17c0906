"""Trains a lifter on recorded motion seen through random cameras."""
# pyright: reportUnknownMemberType=false
# PyTorch leaves backward, manual_seed and state_dict without types

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import torch
from pydantic import BaseModel, ConfigDict
from torch.nn import BatchNorm1d, BatchNorm2d
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from pose3d.core.files import whole_file
from pose3d.io.models.tensors import split
from pose3d.io.models.weights import half, load_into, read_safetensors, write_safetensors
from pose3d.train.augment import View, enrich, film
from pose3d.train.motion import MotionClip, load_motion
from pose3d.train.muon import optimizers
from pose3d.train.noise import detected
from pose3d.train.tasks import TASKS
from pose3d.train.windows import WindowSampler, cover


class Stage(BaseModel):
    """Part of a training run: every step takes windows of one of the lengths `windows`, `frames` frames in all.

    optimizer: see `pose3d.train.muon.optimizers`.
    frozen_norms: batch norms keep their statistics, as in use. In training mode an unusual window is tamed by its own
    batch's statistics; in use nothing tames it, and what it sets off must be unlearnt.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    windows: tuple[int, ...]
    frames: int
    steps: int
    peak_rate: float
    noise: float
    optimizer: Literal["adamw", "muon"] = "adamw"
    frozen_norms: bool = False


class TrainConfig(BaseModel):
    """A training run; the learning rate rises and falls once over each stage.

    The weights are checked on the validation clips every `check_every` steps. The best are kept, and a stage ends early
    when `patience` checks on end brought none better.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    model: Literal["hdformer", "canonical"]
    seed: int
    dropout: float
    weight_decay: float
    velocity_weight: float
    average_decay: float
    check_every: int
    patience: int
    stages: tuple[Stage, ...]


@dataclass
class Trainer:
    """One run and how it is saved; one that was cut off goes on from its checkpoint."""

    config: TrainConfig
    clips: list[MotionClip]
    folder: Path
    device: str = "cpu"
    start: Path | None = None
    """Weights to start from instead of random ones."""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._draw_from(self.config.seed)
        self.task = TASKS[self.config.model](self.config.dropout, self.device)
        self.net = self.task.net
        if self.start:
            load_into(self.net, read_safetensors(self.start), self.start)
        average = cast("Callable[..., None]", get_ema_multi_avg_fn(self.config.average_decay))
        self.averaged = AveragedModel(self.net, multi_avg_fn=average, use_buffers=True)
        if self.device != "cpu":  # where it takes minutes and gains little
            for part in self.task.parts:
                part.compile()
        self.step = 0
        self.stage = 0
        self.best = math.inf
        self.checks_since = 0
        self.checks = check_views([c for c in self.clips if c.holdout])

    def _draw_from(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.sampler = WindowSampler([c for c in self.clips if not c.holdout], seed, self.device)

    def run(self) -> None:
        """All stages; the best averaged weights are in `weights.safetensors` whenever a check has passed."""
        resumed = self._resume()
        while self.stage < len(self.config.stages):
            if not resumed:
                self.net.load_state_dict(self.averaged.module.state_dict())
            self._run_stage(self.config.stages[self.stage], resumed)
            self.stage, self.step, self.checks_since, resumed = self.stage + 1, 0, 0, None

    def _run_stage(self, stage: Stage, resumed: dict[str, Any] | None) -> None:
        chosen = optimizers(stage.optimizer, self.net, stage.peak_rate, self.config.weight_decay)
        schedules = [OneCycleLR(o, stage.peak_rate, total_steps=stage.steps, pct_start=0.15) for o in chosen]
        parts: list[Optimizer | LRScheduler] = [*chosen, *schedules]
        for part, state in zip(parts, resumed["parts"] if resumed else (), strict=bool(resumed)):
            part.load_state_dict(state)
        bar = tqdm(range(self.step, stage.steps), initial=self.step, total=stage.steps, desc=f"stage {self.stage + 1}")
        for self.step in bar:
            value = self._learn(stage, chosen)
            for schedule in schedules:
                schedule.step()
            bar.set_postfix(loss=f"{value:.4f}")
            done = self.step + 1
            if done % self.config.check_every == 0 or done == stage.steps:
                self._check_and_save(value, parts)
                if self.checks_since >= self.config.patience:
                    break

    def _learn(self, stage: Stage, chosen: list[Optimizer]) -> float:
        length = stage.windows[self.step % len(stage.windows)]
        self._set_mode(stage)
        with torch.device(self.device):
            view = film(enrich(self.sampler.draw(stage.frames // length, length)))
            value = self.task.loss(view, stage.noise, self.config.velocity_weight)
        self.net.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimizer in chosen:
            optimizer.step()
        self.averaged.update_parameters(self.net)
        return value.item()

    def _set_mode(self, stage: Stage) -> None:
        self.net.train()
        for module in self.net.modules():
            if isinstance(module, BatchNorm1d | BatchNorm2d) and stage.frozen_norms:
                module.eval()

    @torch.inference_mode()
    def check(self) -> float:
        """Joint error (metres) of the averaged weights on `check_views` of the validation clips."""
        self.averaged.eval()
        errors = [self.task.error(self.averaged.module, view) for view in self.checks]
        return torch.stack(errors).mean().item()

    def _check_and_save(self, loss: float, parts: list[Optimizer | LRScheduler]) -> None:
        error = self.check()
        self.checks_since += 1
        if error < self.best:
            self.best, self.checks_since = error, 0
            write_safetensors(self.folder / "weights.safetensors", half(self.averaged.module.state_dict()))
        figures = {"stage": self.stage, "step": self.step, "loss": loss, "validation_error": error}
        with (self.folder / "log.jsonl").open("a") as log:
            log.write(json.dumps(figures) + "\n")
        self._save(parts)

    def _save(self, parts: list[Optimizer | LRScheduler]) -> None:
        state: dict[str, Any] = {
            "net": self.net.state_dict(),
            "averaged": self.averaged.state_dict(),
            "parts": [part.state_dict() for part in parts],
            "stage": self.stage,
            "step": self.step + 1,
            "best": self.best,
            "checks_since": self.checks_since,
        }
        with whole_file(self.folder / "checkpoint.pt") as partial:
            torch.save(state, partial)

    def _resume(self) -> dict[str, Any] | None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return None
        state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.averaged.load_state_dict(state["averaged"])
        self.stage, self.step = state["stage"], state["step"]
        self.best, self.checks_since = state["best"], state["checks_since"]
        self._draw_from(self.config.seed + 1000 * self.stage + self.step)  # not the draws of the start again
        return state


def check_views(clips: list[MotionClip], frames: int = 96, seed: int = 1) -> list[View]:
    """Every validation clip through fixed random cameras: as it is, as a detector sees it, and the latter varied.

    What a lifter is used on is a detector's joints of people who sit and bend more than recordings do.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        windows = torch.cat([cover(clip, frames) for clip in clips])
        as_it_is, varied = film(windows), film(enrich(windows))
        views = (as_it_is, *(replace(view, rays=detected(view.rays)) for view in (as_it_is, varied)))
        return [View(*parts) for view in views for parts in zip(split(view.rays, 16), split(view.xyz, 16), strict=True)]


def train(data: Path, folder: Path, config: TrainConfig, device: str, start: Path | None = None) -> None:
    """Trains on the clips of `data`; checkpoints, log.jsonl and weights.safetensors go to `folder`.

    start: weights to go on from. Raises ConfigError, WeightsError.
    """
    Trainer(config, load_motion(data), folder, device, start).run()
