"""What is connected with what: the graph, calls, payments, search."""
