-- ARGV until when all are read, in ms. Returns {until, unread} as JSON; what was read stays read.
local newest = tonumber(call('ZREVRANGE', NOTICES, 0, 0, 'WITHSCORES')[2]) or 0
local before = read_until()
local until_ms = math.max(before, math.min(tonumber(args[1]), newest))
local answer = string.format('{"until":%.0f,"unread":%d}',
  until_ms, call('ZCOUNT', NOTICES, string.format('(%.0f', until_ms), '+inf'))
if until_ms > before then
  append(1, 'notification.read', answer, 'notification.read')
  call('HSET', STATE, 'read', string.format('%.0f', until_ms))
end
return answer
