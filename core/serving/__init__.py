"""What hardware can do: throughput, capacity within an objective, physical limits. Pure."""
