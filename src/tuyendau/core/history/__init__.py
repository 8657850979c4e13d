"""What was known when: of some tables the versions of each row, kept by the database itself as transactions write."""
