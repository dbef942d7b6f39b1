-- ARGV job, what was told of it, …: of those that still wait.
for i = 1, #ARGV, 2 do
  local r = record(ARGV[i])
  if r and r.token == 0 then call('HSET', told, ARGV[i], ARGV[i + 1]) end
end
return 1
