-- Put in front of the scripts of an author's slot.
-- KEYS followers (sorted set of ids, all at 0), begun (sorted set: the same by since when, ms), newest (sorted set: their
--      last posts)
local FOLLOWERS, BEGUN, NEWEST = unpack(keys, 1, 3)
