-- Put in front of the scripts of an author's slot.
-- KEYS followers (sorted set of ids, all at 0), since (hash: follower → ms), newest (sorted set: their last posts)
local FOLLOWERS, SINCE, NEWEST = unpack(keys, 1, 3)
