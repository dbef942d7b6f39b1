"""What livefeed is measured by: `make bench`. Source: docs/benchmarks.md."""
