package prometheus

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
	"sync"
)

// targetName says what a target is: the service that its labels name where that
// is not its job, else the host that it is scraped at where that is a name that
// people gave, else the job.
func (s *structure) targetName(labels map[string]string) string {
	job := labels["job"]
	for _, label := range s.naming.ServiceLabels() {
		if v := labels[label]; v != "" && v != job {
			return v
		}
	}
	if host := givenHost(labels["instance"]); host != "" {
		return host
	}
	return job
}

var (
	ordinal = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`-?[0-9]{1,3}$`)
	})
	drawn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[0-9]{4,}|^ip-[0-9]|[0-9a-f]{8,}|-[a-z0-9]*[0-9][a-z0-9]*$`)
	})
)

// givenHost gives the host of an address where it is a name that says what runs
// there. The number of a replica is taken off; what machines are called by
// those who let them is none.
func givenHost(instance string) string {
	if i := strings.Index(instance, "://"); i >= 0 {
		instance = instance[i+3:]
	}
	host, _, err := net.SplitHostPort(instance)
	if err != nil {
		host = instance
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if _, err := netip.ParseAddr(host); err == nil || host == "" || host == "localhost" || strings.ContainsAny(host, " /@?#[]%") {
		return ""
	}
	first, domain, dotted := strings.Cut(host, ".")
	first = ordinal().ReplaceAllString(first, "")
	if first == "" || drawn().MatchString(first) {
		return ""
	}
	if dotted {
		return first + "." + domain
	}
	return first
}

// errorCategory says in a word or two why a target does not answer. The text
// itself may hold anything.
func errorCategory(s string) string {
	s = strings.ToLower(s)
	for _, c := range []struct{ word, category string }{
		{"deadline exceeded", "too slow"},
		{"timeout", "too slow"},
		{"connection refused", "connection refused"},
		{"no such host", "name not resolved"},
		{"server misbehaving", "name not resolved"},
		{"no route to host", "not reachable"},
		{"network is unreachable", "not reachable"},
		{"connection reset", "connection broken off"},
		{"eof", "connection broken off"},
		{"x509", "certificate"},
		{"tls", "certificate"},
		{"http status 401", "credentials"},
		{"http status 403", "credentials"},
		{"http status 404", "no such address"},
		{"http status", "error status"},
		{"limit exceeded", "limit exceeded"},
		{"content-type", "not metrics"},
		{"unsupported", "not metrics"},
		{"expected", "not metrics"},
		{"invalid", "not metrics"},
	} {
		if strings.Contains(s, c.word) {
			return c.category
		}
	}
	return "other"
}
