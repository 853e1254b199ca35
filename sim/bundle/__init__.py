"""A folder from which Front Door is installed and started where there is no network and nobody is an administrator."""

from sim.bundle.making import BundleError, bundle
from sim.bundle.platforms import PLATFORMS, Target, this_platform

__all__ = ["PLATFORMS", "BundleError", "Target", "bundle", "this_platform"]
