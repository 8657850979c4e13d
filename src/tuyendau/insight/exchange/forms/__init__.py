"""What is asked of a file: its columns, its values, and how what is wrong with it is told; the form of the page."""
