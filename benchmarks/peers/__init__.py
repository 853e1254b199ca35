"""One workload, "tandem front door", in several engines: to say how fast each is, where all give the same answer."""
