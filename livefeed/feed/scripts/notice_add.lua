-- ARGV id, the notification's JSON without `time` and its closing brace, how many are kept.
if is_gone() or call('ZSCORE', NOTICES, args[1]) then return '' end
local time = stamp()
local body = args[2] .. ',"time":' .. time .. '}'
told(args[1], body)
keep(args[1], time, body, args[3])
return ''
