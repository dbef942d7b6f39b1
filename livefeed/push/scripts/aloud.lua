-- Put in front of the scripts that tell a person something: their browsers hear of it too, each by an entry of its own.
-- KEYS, the last three: devices (hash: device → subscription), line (stream of the shard), told (how many within the hour)
-- The person is whose topic it is.
local DEVICES, LINE, TOLD = unpack(keys, #keys - 2)
local LINE_ENTRIES, TOLD_AN_HOUR = 10000, 60

local function aloud(id)
  local devices = call('HKEYS', DEVICES)
  if #devices == 0 or call('XLEN', LINE) >= LINE_ENTRIES then return end
  local told = call('INCR', TOLD)
  if told == 1 then call('PEXPIRE', TOLD, 3600000) end
  if told > TOLD_AN_HOUR then return end
  local person = ARGV[10]:match('^user:(.+)$')
  for _, device in ipairs(devices) do
    call('XADD', LINE, '*', 'p', person, 'd', device, 'n', id)
  end
end
