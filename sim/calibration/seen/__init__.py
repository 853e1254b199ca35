"""What can be seen in a record: delays that are no queues, demand, routing, and returns, each with its error.

Waits for our own people are what the model is asked for: nothing here fits them.
"""

from sim.calibration.seen.learn import learn, learned_values
from sim.calibration.seen.learned import Learned, NotLearned, Result

__all__ = ["Learned", "NotLearned", "Result", "learn", "learned_values"]
