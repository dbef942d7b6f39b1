-- ARGV first (how many in line are told), gap_ms.
-- Returns {average_ms, running, job, place, …}: the places that are new since they were last told. `mine` is the gate here
-- that lets one caller per gap through; whoever comes too early is given nothing and loses nothing.
local answer = {call('HGET', counters, 'average_ms') or '0', call('XLEN', stream) - call('ZCARD', line)}
local members = call('ZRANGE', line, 0, ARGV[1] - 1)
if #members == 0 or not call('SET', mine, '1', 'NX', 'PX', ARGV[2]) then return answer end
for place, member in ipairs(members) do
  local job = member:match(':(.*)')
  if call('HGET', told, job) ~= tostring(place) then
    call('HSET', told, job, place)
    answer[#answer + 1] = job
    answer[#answer + 1] = place
  end
end
return answer
