-- Put in front of the scripts of a person's notifications; the person's own topic is their one topic. `aloud(id)` is
-- defined in front of it.
-- KEYS notices (sorted set: notification ids by their time in ms, each a different one), texts (hash: id → JSON without
--      `unread`), state (hash: `read`, the time up to which all are read); of one notification too: its tombstone,
--      crowd (sorted set: people by when), marks (hash: person → id of the last event of theirs that was taken)
local NOTICES, TEXTS, STATE, GONE, CROWD, MARKS = unpack(keys, 1, 6)

local function is_gone() return call('EXISTS', GONE) == 1 end

local function read_until() return tonumber(call('HGET', STATE, 'read')) or 0 end

-- A time later than that of any other, so that `until` and `before` part them exactly.
local function stamp()
  local newest = call('ZREVRANGE', NOTICES, 0, 0, 'WITHSCORES')[2]
  return string.format('%.0f', math.max(now(), (tonumber(newest) or 0) + 1))
end

local function told(id, body)
  append(1, 'notification.created', '{"notification":' .. body:sub(1, -2) .. ',"unread":true}}')
  aloud(id)
end

local function keep(id, time, body, bound)
  call('HSET', TEXTS, id, body)
  call('ZADD', NOTICES, time, id)
  for _, old in ipairs(call('ZRANGE', NOTICES, 0, -(tonumber(bound) + 1))) do
    call('HDEL', TEXTS, old)
    call('ZREM', NOTICES, old)
  end
end

local function drop(id)
  if not call('ZSCORE', NOTICES, id) then return end
  append(1, 'notification.deleted', cjson.encode({id = id}))
  call('HDEL', TEXTS, id)
  call('ZREM', NOTICES, id)
end
