"""The console: what people and scripts run from a shell."""
