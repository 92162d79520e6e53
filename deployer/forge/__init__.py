"""Git and the forges that hold it. Knows nothing of the project that is kept there."""
