package value

import (
	"net/url"
	"strings"
)

// defaultPorts are those that say nothing in a URL.
var defaultPorts = map[string]string{
	"http": "80", "https": "443", "postgres": "5432", "postgresql": "5432",
	"mysql": "3306", "redis": "6379", "rediss": "6379", "amqp": "5672",
	"amqps": "5671", "mongodb": "27017", "ws": "80", "wss": "443", "nats": "4222",
}

// CanonicalURL gives the canonical form of an absolute URL with a host: lower
// case scheme and host, no default port, no lone slash as path, sorted escape
// spelling. ok is false for anything else.
func CanonicalURL(s string) (canon string, ok bool) {
	i := strings.Index(s, "://")
	if i <= 0 || len(s) > 4096 || strings.ContainsAny(s, " \t\n\r") {
		return "", false
	}
	for j := range i {
		if c := s[j]; !isAlnum(c) && c != '+' && c != '-' && c != '.' {
			return "", false
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" {
		return "", false
	}
	u.Scheme = strings.ToLower(u.Scheme)
	u.Host = strings.ToLower(u.Host)
	if p := u.Port(); p != "" && defaultPorts[u.Scheme] == p {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	if u.Path == "/" && u.RawQuery == "" && u.Fragment == "" {
		u.Path = ""
	}
	return u.String(), true
}
