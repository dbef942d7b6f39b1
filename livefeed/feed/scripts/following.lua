-- Put in front of the scripts of a person's own slot; `feed:following` as that person sees it is their one topic.
-- KEYS following (sorted set: whom they follow, by since when in ms), turn (the newest of these), timeline and live as
--      in timeline.lua, whose (hash: post or generation → author); of one entry too: tombstones of post and generation,
--      marks (ids of the last events) of totals and of edits
local FOLLOWING, TURN, TIMELINE, LIVE, WHOSE, GONE, ENDED, MARK, EDITED = unpack(keys, 1, 9)

local function follows(id) return call('ZSCORE', FOLLOWING, id) end

local function is(key) return call('EXISTS', key) == 1 end

-- A time in ms that is later than that of any change before, so that who is told of them late knows which is newer.
local function turn(keep)
  local time = math.max(now(), (tonumber(call('GET', TURN)) or 0) + 1)
  time = string.format('%.0f', time)
  call('SET', TURN, time, 'PX', keep)
  return time
end

local function add(set, created, id, author, bound)
  call('HSET', WHOSE, id, author)
  call('ZADD', set, created, id)
  for _, old in ipairs(call('ZRANGE', set, 0, -(tonumber(bound) + 1))) do
    call('HDEL', WHOSE, old)
    call('ZREM', set, old)
  end
end
