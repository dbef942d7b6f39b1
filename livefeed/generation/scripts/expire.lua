-- topics: generation   keys: generation   args: event, outbox entry, life_ms.
-- Ends a generation that was not started by its deadline; 'over' for one that was, or has ended, 'early' before it. This
-- clock set the deadline, and it alone judges it (start.lua does so too).
local state, token, due = unpack(call('HMGET', keys[1], 'state', 'token', 'due'))
if not state then return 'gone' end
if state == 'aborted' then return 'ok' end
if state ~= 'queued' or token or not due then return 'over' end
if now() <= tonumber(due) then return 'early' end
local mark = append(1, 'generation.aborted', args[1])
publish('generation.ended', mark, (in_life(args[2])))
call('PEXPIRE', keys[1], args[3])
call('HDEL', keys[1], 'place', 'eta_s')
call('HSET', keys[1], 'error', args[1], 'state', 'aborted')
return 'ok'
