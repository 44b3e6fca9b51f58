"""What the columns of a call table are, where no profile says it."""
