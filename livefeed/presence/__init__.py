"""Who is here: counts on feeds and posts, typing signals."""
