package naming

import (
	"slices"
	"strings"
)

// words are the words of a metric's name, and what they say.
type words struct {
	all     []string
	stem    []string // without those for requests, durations and units
	unit    string
	noun    bool // speaks of requests, calls or operations
	request bool // of requests themselves
	timed   bool
	client  bool
	store   string // what keeps data and is called
	other   bool   // is about something else than requests, or a part of them
}

func requestNouns() []string {
	return []string{
		"request", "requests", "req", "reqs", "rq", "response", "responses", "rpc", "rpcs", "call", "calls", "handled", "handling", "handler",
		"invocation", "invocations", "operation", "operations", "op", "ops", "query", "queries", "command", "commands", "action", "actions",
	}
}

// otherWords are those of metrics that count something else beside requests, or
// only a part of each.
func otherWords() []string {
	return []string{
		"aborted", "aborts", "active", "age", "body", "byte", "bytes", "canceled", "cancelled", "compaction", "connect", "connection", "connections", "current",
		"dropped", "entries", "error", "errors", "evicted", "exceeded", "exception", "exceptions", "expiration", "failed", "failure", "failures", "filter", "first", "flight", "gc",
		"handshake", "header", "headers", "hit", "hits", "inflight", "length", "limit", "miss", "misses", "msg", "open", "panics", "parse", "pending", "queue", "queued",
		"ratio", "received", "refresh", "rejected", "retries", "retry", "samples", "seats", "sent", "size", "sizes", "started", "terminations", "timeout", "timeouts",
		"timestamp", "utilization", "wait", "waiting",
	}
}

func stores() []string {
	return []string{
		"azure", "backend", "bigtable", "blobstore", "bucket", "cache", "cassandra", "clickhouse", "consul", "database", "datasource", "db", "dynamodb",
		"elasticsearch", "etcd", "gcs", "index", "jdbc", "kv", "ldap", "memcache", "memcached", "mongo", "mongodb", "mysql", "objstore", "postgres",
		"postgresql", "redis", "s3", "sql", "storage", "store", "vault",
	}
}

// wordsOf takes a name apart.
func wordsOf(f Family) words {
	w := words{all: split(f.Name)}
	rest := w.all
	if n := len(rest) - 1; n > 0 && rest[n] == "total" {
		rest = rest[:n]
	}
	w.unit = unitOf(f.Unit)
	for i, s := range rest {
		unit := unitOf(s)
		switch {
		case unit != "" && i > 0 && i >= len(rest)-2:
			w.unit, w.timed = unit, true
		case slices.Contains([]string{"duration", "durations", "latency", "latencies", "elapsed", "time", "timing"}, s):
			w.timed = true
		case slices.Contains(requestNouns(), s):
			w.noun = true
			w.request = w.request || strings.HasPrefix(s, "req") || s == "rq"
		case slices.Contains([]string{"client", "outgoing", "outbound", "egress", "upstream", "external"}, s):
			w.client = true
			w.stem = append(w.stem, s)
		case slices.Contains(otherWords(), s):
			w.other = true
		default:
			switch {
			case slices.Contains(stores(), s):
				w.store = s
			case slices.Contains([]string{"server", "http", "grpc", "api", "incoming", "inbound"}, s):
				w.store = "" // it is the program's own name
			}
			w.stem = append(w.stem, s)
		}
	}
	if w.unit == "" {
		w.unit = "s"
	}
	return w
}

// side says who measures.
func (w words) side() string {
	if w.client || w.store != "" {
		return "client"
	}
	return "server"
}

// text are the words that tell operations of one program apart: those of the
// name without the program's prefix, durations and units.
func (w words) text() []string {
	var out []string
	for i, s := range w.all {
		if i > 0 && s != "total" && s != "duration" && s != "latency" && s != "time" && unitOf(s) == "" {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return w.all[:1]
	}
	return out
}

// peer says what is called, where no label does.
func (w words) peer() string {
	names := slices.DeleteFunc(slices.Clone(w.stem), func(s string) bool { return s == "client" || s == "http" || s == "grpc" })
	if len(names) > 1 && names[0] != w.store {
		names = names[1:]
	}
	if len(names) == 0 {
		names = w.all[:1]
	}
	return strings.Join(names, " ")
}

// unitOf gives the unit of durations that a word means.
func unitOf(word string) string {
	switch word {
	case "seconds", "second", "sec", "secs", "s":
		return "s"
	case "milliseconds", "millisecond", "millis", "msec", "ms":
		return "ms"
	case "microseconds", "microsecond", "micros", "usec", "us":
		return "us"
	case "nanoseconds", "nanosecond", "nanos", "nsec", "ns":
		return "ns"
	}
	return ""
}

// split gives the words of a name in lower case: statusCode, status_code and
// status.code are two.
func split(name string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, strings.ToLower(b.String()))
			b.Reset()
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c == '.' || c == '-' || c == '/' || c == ':':
			flush()
			continue
		case c >= 'A' && c <= 'Z' && i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z':
			flush()
		}
		b.WriteByte(c)
	}
	flush()
	return out
}
