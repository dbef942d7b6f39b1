-- KEYS devices.  ARGV device, subscription as JSON, how many are kept, how long in ms.
-- A person's browsers beyond the bound leave, whoever was not heard of for longest first.
call('HSET', keys[1], args[1], string.format('%d ', now()) .. args[2])
local all = call('HGETALL', keys[1])
local since = {}
for i = 1, #all, 2 do since[#since + 1] = {all[i], tonumber(all[i + 1]:match('^%d+'))} end
table.sort(since, function(a, b) return a[2] > b[2] or (a[2] == b[2] and a[1] > b[1]) end)
for i = tonumber(args[3]) + 1, #since do call('HDEL', keys[1], since[i][1]) end
call('PEXPIRE', keys[1], args[4])
return ''
