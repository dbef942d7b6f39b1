-- ARGV who says it, message id, the message's JSON without `created` and its closing brace, how many messages are kept.
-- Returns the message as JSON, without its reactions.
local id = args[2]
if not role_of(args[1]) then return no_room() end
if not call('ZSCORE', THREAD, id) then
  local message = call('HGET', MESSAGES, id) or args[3] .. string.format(',"created":%.0f}', now())
  call('HSET', MESSAGES, id, message)
  append(1, 'room.message', '{"message":' .. message:sub(1, -2) .. ',"reactions":{}}}')
  if call('ZCARD', THREAD) >= tonumber(args[4]) then
    local oldest = call('ZRANGE', THREAD, 0, 0)[1]
    call('HDEL', MESSAGES, oldest)
    call('HDEL', TOTALS, oldest)
    call('ZREMRANGEBYLEX', REACTIONS, '[' .. oldest .. ' ', '(' .. oldest .. '!')  -- '!' follows the space
    call('ZREM', THREAD, oldest)
  end
  -- Numbers rise with the stream: what the thread's order says is the order of the events.
  local last = call('ZREVRANGE', THREAD, 0, 0, 'WITHSCORES')
  call('ZADD', THREAD, (tonumber(last[2]) or 0) + 1, id)
end
return call('HGET', MESSAGES, id)
