-- Returns the jobs of whoever `mine` belongs to, the oldest first: who waits, who runs, and who is about to come.
return call('ZRANGEBYSCORE', mine, now(), '+inf')
