"""The mechanics that no record shows, fitted on the record run again: how fast people work, how long others take."""

from sim.calibration.mechanics.figures import FIGURES, figures_of
from sim.calibration.mechanics.fit import Calibrated, Effort, calibrated
from sim.calibration.mechanics.latent import LATENTS, Latent, prior, settings
from sim.calibration.mechanics.replays import Replays, replays_of

__all__ = [
    "FIGURES",
    "LATENTS",
    "Calibrated",
    "Effort",
    "Latent",
    "Replays",
    "calibrated",
    "figures_of",
    "prior",
    "replays_of",
    "settings",
]
