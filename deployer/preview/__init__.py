"""The values that pages and pictures show: messages for each sample, journeys, tasks, and what changed."""
