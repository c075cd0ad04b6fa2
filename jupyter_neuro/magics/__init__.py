"""``%neuro`` in cells: the platform's command line as it is documented, with objects as answers."""
