-- Put behind room.lua in front of what reads messages.
-- Returns {ids and numbers, newest first; their JSON; their reactions as JSON or false; of each what `viewer` set}
local function messages(viewer, before, limit)
  local rows = call('ZREVRANGEBYSCORE', THREAD, before == '' and '+inf' or '(' .. before, '-inf',
    'WITHSCORES', 'LIMIT', 0, limit)
  local ids, mine = {}, {}
  for i = 1, #rows, 2 do ids[#ids + 1] = rows[i] end
  if #ids == 0 then return {rows, {}, {}, {}} end
  local totals = call('HMGET', TOTALS, unpack(ids))
  for i, id in ipairs(ids) do
    local set = {}
    for emoji in pairs(totals[i] and cjson.decode(totals[i]) or {}) do
      if call('ZSCORE', REACTIONS, id .. ' ' .. emoji .. ' ' .. viewer) then set[#set + 1] = emoji end
    end
    mine[i] = set
  end
  return {rows, call('HMGET', MESSAGES, unpack(ids)), totals, mine}
end
