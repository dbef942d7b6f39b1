-- keys: generation   args: event, place, eta_s ('' : unknown).  Only who waits has a place.
if call('HGET', keys[1], 'state') ~= 'queued' then return 'over' end
append(1, 'generation.place', args[1], 'generation.place')
call('HSET', keys[1], 'place', args[2])
if args[3] ~= '' then call('HSET', keys[1], 'eta_s', args[3]) else call('HDEL', keys[1], 'eta_s') end
return 'ok'
