"""Fine-tuning a network to one writer."""
