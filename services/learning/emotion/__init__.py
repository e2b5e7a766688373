"""Training, export and evaluation of the emotion model."""
