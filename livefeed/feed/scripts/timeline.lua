-- Put in front of the scripts of a feed's slot; the feed's is their one topic. Entries may come twice and out of order.
-- KEYS timeline (sorted set: post ids by when they were created), live (the same for generations),
--      tombstone of the post, tombstone of the generation, marks (ids of the last events) of totals and of edits; of a
--      person's feed also what is used: remixes (as timeline: those that were made from another post), remixed (sorted
--      set: post ids by how many remixes they have)
local TIMELINE, LIVE, GONE, ENDED, MARK, EDITED, REMIXES, REMIXED = unpack(keys, 1, 8)

local function is(key) return call('EXISTS', key) == 1 end

local function add(set, created, id, bound)
  call('ZADD', set, created, id)
  call('ZREMRANGEBYRANK', set, 0, -(tonumber(bound) + 1))
end
