"""The dock: receiving by scan, parcels, goods without an owner, labels."""
