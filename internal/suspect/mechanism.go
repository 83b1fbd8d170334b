package suspect

// mechanism is a way in which a setting makes a service behave otherwise.
type mechanism struct {
	name string
	// all lists alternatives of words that must all occur in the candidate's
	// path or name, singular: {"pool"} or {"max", "connection"}.
	all [][]string
	// not are words beside which it is something else: a timeout of a probe.
	not []string
	// slow, errors and calls are what it does to durations, to errors of
	// endpoints, and to calls, in steps of belief.
	slow, errors, calls float64
	// less says what a smaller value does: -1 makes it slower or fail more, +1
	// faster or fail less, 0 is not known. off says the same of a switch that is
	// off or a thing that is missing.
	less, off float64
	// cuts is set where a smaller value makes more fail, and what fails end sooner.
	cuts bool
	// hint is set where that is rather so than surely.
	hint bool
	// byCalls is set where it bears on how calls go, which shows in them; counts
	// where it bears on how many are made.
	byCalls, counts bool
	// wide is set where it bears on all endpoints of a service alike.
	wide bool
	says string
}

// mechanisms are tried in order; the first that fits is the candidate's.
func mechanisms() []mechanism { return append(capacities(), choices()...) }

// capacities are what there is too little of.
func capacities() []mechanism {
	return []mechanism{
		{
			name: "index", byCalls: true, all: [][]string{{"index"}, {"indexe"}, {"indices"}, {"primary", "key"}},
			slow: 3, errors: 0.5, off: -1, says: "queries without an index read all rows",
		},
		{
			name: "pool", all: [][]string{{"pool"}, {"max", "connection"}, {"max", "conn"}, {"max", "open"}, {"max", "idle"}, {"connection", "limit"}},
			not: []string{"pooled", "spool", "nodepool", "whirlpool"}, slow: 2.5, errors: 1.5, calls: 1.5, less: -1,
			says: "requests wait for a free connection",
		},
		{
			name: "timeout", byCalls: true, cuts: true, all: [][]string{{"timeout"}, {"deadline"}, {"time", "out"}},
			not:  []string{"liveness", "readiness", "startup", "probe", "session", "idle", "shutdown", "termination", "cookie"},
			slow: 1, errors: 2, calls: 3, less: -1, says: "calls that take longer than the timeout fail",
		},
		{
			name: "retry", counts: true, all: [][]string{{"retry"}, {"retrie"}, {"backoff"}, {"attempt"}},
			slow: 1.5, errors: 2, calls: 2, says: "what fails once is, or is not, tried again",
		},
		{
			name: "cpu", all: [][]string{{"cpu"}, {"gomaxproc"}, {"processor"}},
			slow: 3, errors: 0.5, calls: -1, less: -1, wide: true, says: "a service that has used up its CPU time waits for more",
		},
		{
			name: "memory", all: [][]string{{"memory"}, {"heap"}, {"xmx"}, {"gogc"}, {"gomemlimit"}, {"mem"}},
			slow: 1, errors: 0.5, calls: -1, less: -1, wide: true, says: "little memory makes collections of garbage, and restarts",
		},
		{
			name: "replicas", all: [][]string{{"replica"}, {"min", "replica"}, {"max", "replica"}, {"instance", "count"}},
			slow: 2.5, errors: 0.5, calls: -0.5, less: -1, wide: true, says: "each instance has more to do",
		},
		{
			name: "concurrency", all: [][]string{{"worker"}, {"thread"}, {"concurrency"}, {"parallelism"}, {"concurrent"}, {"queue", "size"}},
			slow: 2, errors: 0.5, calls: 0.5, less: -1, says: "requests wait for a free worker",
		},
		{
			name: "rate limit", all: [][]string{{"rate", "limit"}, {"ratelimit"}, {"throttle"}, {"throttling"}, {"quota"}, {"rps"}, {"qps"}},
			slow: 1, errors: 2, calls: 2, less: -1, says: "requests beyond the limit wait or are refused",
		},
	}
}

// choices are what is done, or not.
func choices() []mechanism {
	return []mechanism{
		{
			name: "cache", counts: true, all: [][]string{{"cache"}, {"caching"}, {"lru"}, {"memoize"}},
			slow: 2.5, errors: 0.5, calls: 0.5, less: -1, off: -1, says: "what is not in a cache is asked for each time",
		},
		{
			name: "log level", all: [][]string{{"log", "level"}, {"loglevel"}, {"log", "verbosity"}, {"debug"}, {"verbose"}, {"trace", "level"}},
			slow: 2, errors: 0, calls: -1.5, wide: true, says: "writing each detail down takes time",
		},
		{
			name: "circuit breaker", byCalls: true, all: [][]string{{"circuit"}, {"breaker"}, {"bulkhead"}, {"outlier"}},
			slow: 0.5, errors: 2, calls: 2.5, says: "a breaker refuses calls",
		},
		{
			name: "flag", counts: true, all: [][]string{{"flag"}, {"feature"}, {"toggle"}, {"experiment"}, {"rollout"}},
			slow: 2, errors: 2, calls: 1.5, off: 1, hint: true, says: "a flag decides what code runs",
		},
		{
			name: "batch", counts: true, all: [][]string{{"batch"}, {"chunk", "size"}, {"page", "size"}, {"prefetch"}},
			slow: 1.5, errors: 0, calls: 0.5, less: -1, says: "smaller batches make more calls",
		},
		{
			name: "compression", all: [][]string{{"compress"}, {"compression"}, {"gzip"}, {"encoding"}, {"tls"}, {"mtls"}},
			slow: 1, errors: 0.5, calls: 1, says: "encoding takes time",
		},
	}
}

// fits reports whether a candidate's words are those of the mechanism.
func (m *mechanism) fits(has map[string]bool) bool {
	for _, w := range m.not {
		if has[w] {
			return false
		}
	}
	for _, alternative := range m.all {
		every := true
		for _, w := range alternative {
			every = every && has[w]
		}
		if every {
			return true
		}
	}
	return false
}
