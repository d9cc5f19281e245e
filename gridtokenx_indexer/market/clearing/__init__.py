"""The clearing of one zone in one epoch: pure integers, no I/O, no clock.

Energy counts in 1e-6 kWh (micro kWh), prices in 1e-6 currency per kWh (micro), money in units of the payment
token (1e-6 currency).
"""
