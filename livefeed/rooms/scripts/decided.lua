-- Returns {variations (id, JSON, …), votes (user, variation, …)}
return {call('HGETALL', VARIATIONS), call('HGETALL', VOTES)}
