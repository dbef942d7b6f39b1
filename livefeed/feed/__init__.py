"""Posts, comments, reactions and the timelines that gather them."""
