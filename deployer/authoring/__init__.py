"""Writing what isn't there yet: a project's first files, and one more resource in the file where its like are."""
