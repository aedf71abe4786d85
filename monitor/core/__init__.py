"""The pure heart: values and decisions; no clock, no network, no environment."""
