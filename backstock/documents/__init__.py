"""The papers of a return as PDF, in Chinese and English; reads documents and renders them, never writes a ledger."""
