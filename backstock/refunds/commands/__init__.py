"""Money back: settle a return, and take a settlement back while no money has left."""
