"""What returns tell as a whole: counted from the documents, set-wise; reads, and writes nothing."""
