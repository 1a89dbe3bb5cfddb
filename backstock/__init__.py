"""Backstock 归仓: customer returns that settle themselves."""
