"""What every test shares: no window opens, and a slow machine is not a failure."""

import os

from hypothesis import HealthCheck, settings

# Set before anything imports matplotlib.
os.environ["MPLBACKEND"] = "Agg"

# At a desk each run looks for new counter-examples and keeps what it finds; in CI the same ones are tried every time.
settings.register_profile(
    "front_door",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("front_door")
