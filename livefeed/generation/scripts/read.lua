-- keys: generation.  Returns {its fields, the position they stand for}.
return {call('HGETALL', keys[1]), head()}
