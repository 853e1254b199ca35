"""Front Door: a simulation of a council's children's-services front door."""

__version__ = "0.1.0"
