-- Give a handle back, if it is still ours.   KEYS handle   ARGV user
local found = call('GET', keys[1])
if found and found:match('^%S+') == args[1] then call('DEL', keys[1]) end
return ''
