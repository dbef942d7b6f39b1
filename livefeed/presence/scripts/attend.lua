-- Who is in a room: the one place that decides it, and everybody's pigment. A node tells who came to it, who stayed
-- and who left; a person is here while any node holds a lease for them.
--
-- KEYS who (hash: person → record; '' → {rev, used: how many have each pigment}),
--      ends (sorted set: person → when the last of their leases ends, ms), order (sorted set: person → since, ms)
-- ARGV node, rev that the node knows, lease_ms, grace_ms, shown,
--      how many are here, (person, role, user, the pigment and the since they had, '' and 0 if none)…,
--      how many leave, person…      their lease ends after the grace
--      how many withdraw, person…   this node's lease ends now
--      how many are put out, person…   so do all others
-- returns {rev, whether this call changed it, count, ms until the next lease ends (-1: there is none), people or false}
-- people: (person, pigment, since, role, user)… of the first `shown`; false: the node knows them, its rev is this one.
local call = redis.call
local who, ends, order = KEYS[1], KEYS[2], KEYS[3]
local node, known, lease_ms, grace_ms, shown = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local book = cjson.decode(call('HGET', who, '') or '{"rev":0,"used":[0,0,0,0,0,0,0,0]}')
local changed, fewer, wrote, at = false, false, false, 5

local function argument()
  at = at + 1
  return ARGV[at]
end

local function read(person)
  local text = call('HGET', who, person)
  return text and cjson.decode(text)
end

-- The lowest of the pigments that fewest people have: a free one while there is one.
local function rarest()
  local best = 1
  for i = 2, 8 do
    if book.used[i] < book.used[best] then best = i end
  end
  return best
end

local function colour(record, pigment)
  book.used[pigment] = book.used[pigment] + 1
  record.p = pigment
  changed = true
end

local function write(person, record)
  local last = 0
  for _, stop in pairs(record.l) do last = math.max(last, stop) end
  call('HSET', who, person, cjson.encode(record))
  call('ZADD', ends, last, person)
  wrote = true
end

local function remove(person, record)
  book.used[record.p] = book.used[record.p] - 1
  call('HDEL', who, person)
  call('ZREM', ends, person)
  call('ZREM', order, person)
  changed, fewer = true, true
end

for _ = 1, tonumber(argument()) do
  local person, role, user, pigment, since = argument(), argument(), argument(), argument(), tonumber(argument())
  local record = read(person)
  if record then
    if record.r ~= role or record.u ~= user then
      record.r, record.u, changed = role, user, true
    end
    for other, stop in pairs(record.l) do
      if stop <= now then record.l[other] = nil end
    end
  else
    -- The store may have lost them: whoever was here keeps what others know them by.
    record = {r = role, u = user, s = since > 0 and since <= now and since or now, l = {}}
    local had = pigment ~= '' and tonumber(pigment) + 1
    colour(record, had and book.used[had] == 0 and had or rarest())
    call('ZADD', order, record.s, person)
  end
  record.l[node] = now + lease_ms
  write(person, record)
end

for _ = 1, tonumber(argument()) do
  local person = argument()
  local record = read(person)
  if record and record.l[node] and record.l[node] > now + grace_ms then
    record.l[node] = now + grace_ms
    write(person, record)
  end
end

for _ = 1, tonumber(argument()) do
  local person = argument()
  local record = read(person)
  if record and record.l[node] then
    record.l[node] = nil
    write(person, record)  -- where no other lease is left, it has ended at 0
  end
end

for _ = 1, tonumber(argument()) do
  local person = argument()
  local record = read(person)
  if record then remove(person, record) end
end

for _, person in ipairs(call('ZRANGEBYSCORE', ends, '-inf', now)) do
  local record = read(person)
  if record then remove(person, record) end
end

-- Two may have shared a pigment while more than eight were here; whoever came later gets one of their own now.
if fewer and call('ZCARD', order) <= 8 then
  local taken = {}
  for _, person in ipairs(call('ZRANGE', order, 0, -1)) do
    local record = read(person)
    if taken[record.p] then
      book.used[record.p] = book.used[record.p] - 1
      colour(record, rarest())
      call('HSET', who, person, cjson.encode(record))
    end
    taken[record.p] = true
  end
end

if changed then
  book.rev = math.max(book.rev + 1, now)  -- never one that was told before, though all was lost meanwhile
  call('HSET', who, '', cjson.encode(book))
end
if changed or wrote then
  for _, key in ipairs(KEYS) do call('PEXPIRE', key, lease_ms + 60000) end
end

local rev = string.format('%d', book.rev)
local people = false
if rev ~= known then
  people = {}
  for _, person in ipairs(call('ZRANGE', order, 0, shown - 1)) do
    local record = read(person)
    for _, value in ipairs({person, record.p - 1, string.format('%d', record.s), record.r, record.u}) do
      people[#people + 1] = value
    end
  end
end
local first = call('ZRANGE', ends, 0, 0, 'WITHSCORES')
return {rev, changed and 1 or 0, call('ZCARD', order), first[2] and tonumber(first[2]) - now or -1, people}
