-- ARGV post id, user, emoji, '1' to set or '0' to unset, how many different emojis a post may have.
local user, emoji, on = args[2], args[3], args[4] == '1'
if not alive() then return refuse('not_found', 'This picture does not exist, or it was deleted.') end
if on and call('HEXISTS', TOTALS, emoji) == 0 and call('HLEN', TOTALS) >= tonumber(args[5]) then
  return refuse('conflict', 'This picture has ' .. args[5] .. ' different reactions already; choose one of them.')
end
-- Whose picture it is, and the list of what one likes, learn who reacts at all, not with how many. Said before it is so:
-- a repeat says it again.
local owner = call('HGET', POST, 'author')
if mine(user) == (on and '[]' or '["' .. emoji .. '"]') then
  publish('reacted', head(), string.format('{"post":"%s","owner":%s,"user":%s,"on":%s,"at":%.0f}',
    args[1], cjson.encode(owner), cjson.encode(user), tostring(on), now()))
end
if on then
  call('ZADD', REACTIONS, 0, emoji .. ' ' .. user)
else
  call('ZREM', REACTIONS, emoji .. ' ' .. user)
end
local users = call('ZLEXCOUNT', REACTIONS, '[' .. emoji .. ' ', '(' .. emoji .. '!')  -- '!' follows the space
if users > 0 then call('HSET', TOTALS, emoji, users) else call('HDEL', TOTALS, emoji) end
tell(args[1])
return '{"reactions":' .. reactions() .. ',"mine":' .. mine(user) .. '}'
