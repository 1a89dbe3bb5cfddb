"""Data comes in and leaves: imports with their dry runs, and exports."""
