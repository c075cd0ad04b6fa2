"""What a user can do. No tornado and no IPython here: routes and magics call the same methods."""
