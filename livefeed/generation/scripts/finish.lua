-- topics: generation, (post)   keys: generation, (publication's)
-- args: token, states, state, event type, event ('' : the picture's), outbox entry, field, its value, life_ms,
--       post without `created` and without its closing brace ('' : none), (publication's)
-- The state is stored last: with it everything is done, and the same claim may repeat this without effect.
if state == args[3] and token == args[1] then return 'ok' end
local why = fenced()
if why then return why end
local event = args[5]
if event == '' then event = '{"media":' .. args[8] .. '}' end
if args[10] ~= '' then
  create_post(2, 2, 11)
  event = string.format('%s,"post":%s,"created":%.0f}}', event:sub(1, -2), args[10], now())
end
local mark = append(1, args[4], event)
publish('generation.ended', mark, (in_life(args[6])))
call('PEXPIRE', keys[1], args[9])
call('HDEL', keys[1], 'place', 'eta_s')
call('HSET', keys[1], args[7], args[8], 'token', args[1], 'state', args[3])
return 'ok'
