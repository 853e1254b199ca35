"""The leaders' page: a baseline as it is now, changes to test, and what the model says of them."""
