"""Work on strangers' files, in processes that may die, for many visitors who take turns. Knows no page."""
