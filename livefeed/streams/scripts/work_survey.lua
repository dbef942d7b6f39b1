-- ARGV first (how many in line are looked at), gap_ms, alive_ms, lapse_ms.
-- Does what nobody else may be there for: wakes who has rested, and puts back into the line what was not renewed for
-- lapse_ms. Returns nothing if somebody did so within gap_ms (`mine` is the gate here), else
-- {outlook, {what was last told of the head of the line, …}, {who should have started, …}}.
if not call('SET', mine, '1', 'NX', 'PX', ARGV[2]) then return false end
wake()
local lapsed = redis.pcall('XPENDING', stream, GROUP, 'IDLE', ARGV[4], '-', '+', 20)
for _, entry in ipairs(lapsed.err and {} or lapsed) do
  local job, r = holder(entry[1])
  if job then give_back(job, r, true) else drop_ticket(entry[1]) end
end

local late = {}
for _, job in ipairs(call('ZRANGEBYSCORE', due, '-inf', now(), 'LIMIT', 0, 1000)) do
  local r = record(job)
  if r and r.token == 0 then late[#late + 1] = job else call('ZREM', due, job) end
end

local seen, said, names = outlook(ARGV[1], ARGV[3]), {}, {}
for i = 1, #seen[5], 2 do names[#names + 1] = seen[5][i] end
if #names > 0 then
  for i, text in ipairs(call('HMGET', told, unpack(names))) do said[i] = text or '' end
end
return {seen, said, late}
