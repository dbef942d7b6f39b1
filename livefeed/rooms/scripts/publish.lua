-- ARGV room id, who publishes, variation id, post id, then as create_post takes them.
-- keys[13]: the post. A room publishes once: later it answers with the post it has, for the same variation.
local user, variation, post = args[2], args[3], args[4]
local refused = needs(user, ' owner editor ', 'Viewers do not publish: ask the owner to make you an editor.')
if refused then return refused end
local done, what = unpack(call('HMGET', ROOM, 'published', 'variation'))
if done then
  return what == variation and done or refuse('conflict', 'This room has published another variation already.')
end
local stored = call('HGET', VARIATIONS, variation)
if not stored then return refuse('not_found', 'There is no such variation in this room.') end
if cjson.decode(stored).state ~= 'completed' then
  return refuse('conflict', 'This variation has no finished picture that could be published.')
end
if role_of(user) ~= 'owner' then
  local _, votes = counted()
  local voters = 0
  for _, member in ipairs(call('HVALS', MEMBERS)) do
    if member:match('^%l+') ~= 'viewer' then voters = voters + 1 end
  end
  if 2 * (votes[variation] or 0) <= voters then
    return refuse('not_enough_votes',
      'More than half of the owner and the editors must vote for a variation before an editor can publish it.')
  end
end
create_post(2, 13, 5)
local told = call('HGET', keys[13], 'post')
append(1, 'room.published',
  '{"post":' .. told:sub(1, -2) .. ',"reactions":{},"comments":0,"remixes":0}}')
call('HSET', ROOM, 'variation', variation, 'published', post)
return post
