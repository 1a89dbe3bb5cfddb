"""What is done with the books: each file is one step."""
