"""Dialog, live panel and result of a training run."""
