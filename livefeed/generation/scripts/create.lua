-- topics: generation   keys: generation
-- args: id, document, author, publish ('1' or ''), steps, event, user's queue entry, announcement ('' : not published), life_ms,
--       by when it must have started, in ms from now ('' : it may wait)
-- refused(first_key, first_arg): put in front where pictures need a permit, see ports.Permit; its keys and args are the last.
-- A repeat before anything else happened writes the same again; later it changes nothing.
local state = call('HGET', keys[1], 'state')
if state and state ~= 'queued' then return args[1] end
local refusal = not state and refused and refused(2, 11)
if refusal then return refusal end
call('HSET', keys[1], 'document', args[2], 'author', args[3], 'publish', args[4], 'steps', args[5], 'state', 'queued')
call('PEXPIRE', keys[1], args[9])
local entry = args[7]
if args[10] ~= '' then
  local due = string.format('%.0f', now() + args[10])
  entry = string.format('%s,"due":%s}', entry:sub(1, -2), due)
  call('HSET', keys[1], 'due', due)
end
local mark = append(1, 'generation.queued', args[6])
publish('generation.queued', mark, entry)
if args[8] ~= '' then publish('generation.created', mark, args[8]) end
return args[1]
