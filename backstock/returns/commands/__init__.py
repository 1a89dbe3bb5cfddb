"""The process, one step a file: request, approve, receive, inspect, dispose, close; edit, cancel and undo beside it."""
