"""Programs behind the figures that we quote (docs/performance.md): ``python -m benchmarks.startup`` and
so on, from a checkout. Each measures both sides of its ratio in the same run.
"""
