"""The report of a result: what an improvement plan pastes, and what an inspector can check."""
