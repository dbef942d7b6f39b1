-- keys: meta, edits, editors, members (scripts/room.lua)
-- args: epoch, updates, tag, room, document bytes, tail bytes and entries to compact at, how many wrote it, their ids…, ids of whom it is credited to…
-- One entry for all updates of a tick. Everybody is told that there is something to read, not what: a shard's stream
-- is read by every node, and 10,000 edits of a quarter of a megabyte would not fit into memory.
-- Whoever wrote it must be an editor or the owner in this very step: a right that is lost is lost for what is under way too.
-- Returns the entry's id and the one before it; or 'denied' and the ids of those who may not write: then nothing was written.
local meta = call('HMGET', keys[1], 'epoch', 'snapshot_bytes', 'tail_bytes', 'tail_entries', 'asked', 'last', 'base', 'kept_bytes', 'kept_entries')
if meta[1] ~= args[1] then return refuse('conflict', 'The document was begun anew; load the room again.') end
local bytes = #args[2]
local credited, denied = 9 + tonumber(args[8]), {}
for i = 9, credited - 1 do
  local member = call('HGET', keys[4], args[i])
  local role = member and member:match('^%l+')
  if role ~= 'owner' and role ~= 'editor' then denied[#denied + 1] = args[i] end
end
if #denied > 0 then return 'denied ' .. table.concat(denied, ' ') end
if tonumber(meta[2]) + tonumber(meta[3]) + bytes > tonumber(args[5]) then
  return refuse('too_large', 'The document is full.')
end
-- One script: whoever is told finds the entry, under the id of what told them.
local id = append(1, 'doc.edited', '{}', 'edited')
call('XADD', keys[2], id, 'u', args[2], 's', args[3])
local tail_bytes = call('HINCRBY', keys[1], 'tail_bytes', bytes)
local tail_entries = call('HINCRBY', keys[1], 'tail_entries', 1)
for i = credited, #args do call('SADD', keys[3], args[i]) end
local bytes_since, entries_since = tail_bytes - tonumber(meta[8] or 0), tail_entries - tonumber(meta[9] or 0)
if meta[5] ~= '1' and (bytes_since > tonumber(args[6]) or entries_since > tonumber(args[7])) then
  publish('doc.grown', id, cjson.encode({room = args[4]}))
  call('HSET', keys[1], 'asked', 1)
end
call('HSET', keys[1], 'last', id)
return id .. ' ' .. (meta[6] or meta[7])
