-- keys: generation   args: author, states, state, event when queued, event when running, outbox entry, life_ms
local state, author, published = unpack(call('HMGET', keys[1], 'state', 'author', 'publish'))
if not state or (author ~= args[1] and published ~= '1') then
  return refuse('not_found', 'There is no such picture in the making.')
end
if author ~= args[1] then return refuse('forbidden', 'Only who asked for a picture can cancel it.') end
if state == args[3] then return 'ok' end
if not args[2]:find(' ' .. state .. ' ', 1, true) then
  return refuse('conflict', 'This picture is no longer in the making: it is ' .. state .. '.')
end
local event = state == 'queued' and args[4] or args[5]
local mark = append(1, 'generation.cancelled', event)
publish('generation.ended', mark, (in_life(args[6])))
call('PEXPIRE', keys[1], args[7])
call('HDEL', keys[1], 'place', 'eta_s')
call('HSET', keys[1], 'error', event, 'state', args[3])
return 'ok'
