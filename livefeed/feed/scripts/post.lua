-- Put in front of the scripts of a post's slot. Totals are counted from what is there, so a repeat cannot count twice.
-- KEYS post (hash), totals (hash: emoji → users), reactions (sorted set of 'emoji user', all at 0),
--      comments (hash: id → JSON), thread (sorted set: comment ids by their number), remixes (set of post ids),
--      easel (sorted set: remixes that are being made, by when they were asked for)
local POST, TOTALS, REACTIONS, COMMENTS, THREAD, REMIXES, EASEL = unpack(keys, 1, 7)

-- The post's JSON without its totals, or nothing when it is not there (any more).
local function alive()
  local found = call('HMGET', POST, 'post', 'gone')
  return not found[2] and found[1]
end

local function reactions()
  local flat, emojis, users = call('HGETALL', TOTALS), {}, {}
  for i = 1, #flat, 2 do
    emojis[#emojis + 1] = flat[i]
    users[flat[i]] = flat[i + 1]
  end
  table.sort(emojis)
  for i, emoji in ipairs(emojis) do emojis[i] = '"' .. emoji .. '":' .. users[emoji] end
  return '{' .. table.concat(emojis, ',') .. '}'
end

local function totals()
  return string.format('"reactions":%s,"comments":%d,"remixes":%d',
    reactions(), call('ZCARD', THREAD), call('SCARD', REMIXES))
end

-- The post as everybody sees it, JSON: with what it shows of the picture it was made from, and its totals.
local function shown(post)
  local origin = call('HGET', POST, 'origin')
  return post:sub(1, -2) .. (origin and ',"origin":' .. origin or '') .. ',' .. totals() .. '}'
end

-- The emojis that `user` set, as a JSON list.
local function mine(user)
  local emojis, members, found = call('HKEYS', TOTALS), {}, {}
  if user == '' or #emojis == 0 then return '[]' end
  for i, emoji in ipairs(emojis) do members[i] = emoji .. ' ' .. user end
  for i, score in ipairs(call('ZMSCORE', REACTIONS, unpack(members))) do
    if score then found[#found + 1] = '"' .. emojis[i] .. '"' end
  end
  return '[' .. table.concat(found, ',') .. ']'
end
