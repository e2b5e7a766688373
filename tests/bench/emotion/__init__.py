"""What the emotion model is worth: quality, fairness and speed beside other systems."""
