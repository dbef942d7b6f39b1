-- Broadcast a post's totals on its topic and to its feeds, if they are not what was told last: so a repeat tells
-- nothing, and what a broken attempt left untold is told by the next.
local function tell(id)
  local now_are = totals()
  local told, author, tags = unpack(call('HMGET', POST, 'told', 'author', 'tags'))
  if told == now_are then return end
  local rev = append(1, 'post.counters', '{"post":"' .. id .. '",' .. now_are .. '}', id)
  publish('post.counters', rev,
    '{"post":"' .. id .. '","author":' .. cjson.encode(author) .. ',"tags":' .. tags .. ',' .. now_are .. '}')
  call('HSET', POST, 'told', now_are)
end
