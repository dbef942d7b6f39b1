-- Put in front of every script that changes something. The body that follows sees:
--   keys, args                 its own keys and arguments
--   append(i, type, data)      a KEPT event on the i-th topic; returns its id
--   append(i, type, data, nil, id)   the same for an event that another topic had first, whose id it keeps
--   append(i, type, data, key) a LATEST value of `key` on the i-th topic; returns its rev
--   publish(type, mark, data)  an outbox entry; `mark` is the id of the event it tells of
--   now()                      the store's time in ms
--   head()                     the shard's last id
--   refuse(code, message)      to be returned, before anything was written
-- and returns text, its result. Lua does not roll back: a body validates first and writes after.
--
-- KEYS fan, outbox, idempotency, (stream, latest, order) per topic, keys…
-- ARGV chance, step, topic_events, shard_events, topic_idle_ms, outbox_entries (0: not used), latest_keys,
--      fingerprint ('' : no idempotency), topics, names…, args…
local call = redis.call
local topics = tonumber(ARGV[9])
local keys, args = {}, {}
for i = 4 + 3 * topics, #KEYS do keys[#keys + 1] = KEYS[i] end
for i = 10 + topics, #ARGV do args[#args + 1] = ARGV[i] end

local function refuse(code, message) return {0, code, message} end

local function now()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local last
local function head()
  if not last then
    local entry = call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
    last = entry and entry[1] or '0-0'
  end
  return last
end

-- One id for the topic's stream and the shard's. The clock may step back: ids do not. The random parts make
-- sure that an id that a crash lost is never issued again with other contents.
local function next_id()
  local ms, n = head():match('(%d+)-(%d+)')
  ms, n = tonumber(ms), tonumber(n) + tonumber(ARGV[2])
  local time = now()
  if time > ms then
    ms, n = time, tonumber(ARGV[1])
  elseif n > 9007199254740000 then
    ms, n = ms + 1, tonumber(ARGV[1])
  end
  return string.format('%d-%d', ms, n), ms  -- whole numbers: '%.0f' would cost a tenth of the script
end

-- A counter, not the clock: values changed within one ms leave in the order in which they came.
local function rank(order)
  local newest = call('ZREVRANGE', order, 0, 0, 'WITHSCORES')
  return newest[2] and tonumber(newest[2]) + 1 or 1
end

local function append(i, kind, data, key, origin)
  local previous, id, ms = head(), next_id()
  local stream, latest, order = KEYS[1 + 3 * i], KEYS[2 + 3 * i], KEYS[3 + 3 * i]
  -- Counted from the id, as the age of positions is, so that no step of the clock parts the two.
  local expires = string.format('%d', ms + tonumber(ARGV[5]))
  if key then
    call('HSET', latest, key, id .. ' ' .. kind .. ' ' .. data)
    call('ZADD', order, rank(order), key)
    if call('ZCARD', order) > tonumber(ARGV[7]) then
      call('HDEL', latest, call('ZPOPMIN', order)[1])
    end
    call('PEXPIREAT', latest, expires)
    call('PEXPIREAT', order, expires)
    call('XADD', KEYS[1], 'MAXLEN', '=', ARGV[4], id, 'p', previous, 't', ARGV[9 + i], 'k', kind, 'd', data, 'l', key)
  else
    local origins = origin and {'i', origin} or {}
    call('XADD', stream, 'MAXLEN', '~', ARGV[3], id, 'p', previous, 'k', kind, 'd', data, unpack(origins))
    call('PEXPIREAT', stream, expires)
    call('XADD', KEYS[1], 'MAXLEN', '=', ARGV[4], id, 'p', previous, 't', ARGV[9 + i], 'k', kind, 'd', data, unpack(origins))
  end
  last = id
  return id
end

local function publish(kind, mark, data)
  call('XADD', KEYS[2], '*', 'k', kind, 'm', mark, 'd', data)
end

local function commit(body)
  if ARGV[8] ~= '' then
    local saved = call('GET', KEYS[3])
    if saved then
      if saved:sub(1, #ARGV[8]) == ARGV[8] then
        -- A write, so that whoever waits for replicas waits for those that the first time did not reach.
        call('PEXPIRE', KEYS[3], 86400000)
        return {2, saved:sub(#ARGV[8] + 1)}
      end
      return refuse('key_reused', 'This idempotency key was used before with another body; take a new one.')
    end
  end
  if ARGV[6] ~= '0' and call('XLEN', KEYS[2]) >= tonumber(ARGV[6]) then
    return refuse('busy', 'The server is catching up; try again in a few seconds.')
  end
  local result = body()
  if type(result) == 'table' then return result end
  if ARGV[8] ~= '' then call('SET', KEYS[3], ARGV[8] .. result, 'PX', 86400000) end
  return {1, result}
end
