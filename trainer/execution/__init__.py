"""How a network is run fast here: device, precision, memory layout, threads, processes."""
