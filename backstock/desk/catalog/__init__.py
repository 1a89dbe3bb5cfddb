"""The desk's pages of products, their tree and their prices."""
