"""Online Retail (UCI 352): sales of a wholesaler, with cancellations that do not say which sale they take back.

Read in this order: `lines` (what a line of the file is, or why it is none) → `reader` → `plan` (cancellations find their
sales; pure) → `recording` (through the commands) → `report`. `run` ties them together.
"""
