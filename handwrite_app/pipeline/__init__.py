"""From the drawing to the probabilities: the stages of the preprocessing, and the network's layers."""
