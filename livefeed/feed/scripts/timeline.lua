-- Put in front of the scripts of a feed's slot; the feed's is their one topic. Entries may come twice and out of order.
-- KEYS timeline (sorted set: post ids by when they were created), live (the same for generations),
--      tombstone of the post, tombstone of the generation, marks (ids of the last events) of totals and of edits
local TIMELINE, LIVE, GONE, ENDED, MARK, EDITED = unpack(keys, 1, 6)

local function is(key) return call('EXISTS', key) == 1 end

local function add(set, created, id, bound)
  call('ZADD', set, created, id)
  call('ZREMRANGEBYRANK', set, 0, -(tonumber(bound) + 1))
end
