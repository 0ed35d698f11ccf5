"""What is said of answers: sentences, and the findings of each page."""
