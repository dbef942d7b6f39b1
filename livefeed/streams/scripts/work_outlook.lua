-- What an estimate needs: {now, slots, waiting, {record, … of who runs}, {job, record, …: the head of the line},
-- {kind, pace, …}, round, {what came lately, …: the newest first}, {who of them, the round of their newest job, …}}.
-- A slot is a consumer that was heard of within `alive_ms`, or that holds a job.
local function outlook(first, alive_ms)
  local slots, running, head, names = 0, {}, {}, {}
  local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, GROUP)
  if not consumers.err then
    for _, consumer in ipairs(consumers) do
      local said = {}
      for i = 1, #consumer, 2 do said[consumer[i]] = consumer[i + 1] end
      if said.idle <= tonumber(alive_ms) then slots = slots + 1 end
    end
    for _, entry in ipairs(call('XPENDING', stream, GROUP, '-', '+', 256)) do
      local job, r = holder(entry[1])
      if job and r.token > 0 then running[#running + 1] = cjson.encode(r) end
    end
  end
  for _, member in ipairs(call('ZRANGE', line, 0, first - 1)) do names[#names + 1] = member:match(':(.*)') end
  if #names > 0 then
    for i, text in ipairs(call('HMGET', jobs, unpack(names))) do
      head[2 * i - 1], head[2 * i] = names[i], text and cjson.encode(decoded(text)) or ''
    end
  end
  local lately, last, seen = call('LRANGE', came, 0, -1), {}, {}
  for _, text in ipairs(lately) do
    local who = cjson.decode(text)[1]
    local round = not seen[who] and call('ZSCORE', turns, who)
    if round then last[#last + 1], last[#last + 2] = who, round end
    seen[who] = true
  end
  return {
    now(), math.max(slots, #running), call('ZCARD', line), running, head, call('HGETALL', paces),
    tonumber(call('HGET', counters, 'round') or 0), lately, last
  }
end
