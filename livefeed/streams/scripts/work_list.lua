-- ARGV first.  Returns {now, {record with `job` and `place`, …}}: who rests, then the line, then who runs, `first` of each.
local found = {}
local function add(job, r, place)
  r.job, r.place = job, place
  found[#found + 1] = cjson.encode(r)
end
local asleep = call('ZRANGE', resting, 0, ARGV[1] - 1, 'WITHSCORES')
for i = 1, #asleep, 2 do
  local r = record(asleep[i])
  if r and r.ticket == '' then
    r.until_ms = tonumber(asleep[i + 1])
    add(asleep[i], r, place_of(r))
  end
end
for place, member in ipairs(call('ZRANGE', line, 0, ARGV[1] - 1)) do
  local job = member:match(':(.*)')
  local r = record(job)
  if r and r.token == 0 and r.member == member then add(job, r, place) end
end
local pending = redis.pcall('XPENDING', stream, GROUP, '-', '+', ARGV[1])
for _, entry in ipairs(pending.err and {} or pending) do
  local job, r = holder(entry[1])
  if job and r.token > 0 then
    r.consumer = entry[2]
    add(job, r, 0)
  end
end
return {now(), found}
