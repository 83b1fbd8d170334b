package propose

import (
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/word"
)

// family is a way in which environments are often meant to differ.
type family struct {
	id, what, reason string
	// ordered is set where the reference is expected to have at least as much.
	ordered bool
	fits    func(*candidate) bool
}

// families are asked in their order: a difference is of the first that fits.
var families = [...]family{
	{id: "replicas", what: "numbers of replicas and instances", reason: "each environment runs as many as its load needs", ordered: true, fits: isReplicas},
	{id: "sizes", what: "sizes of resources", reason: "each environment is sized for its load", ordered: true, fits: isSize},
	{id: "log-levels", what: "log levels and debugging", reason: "lower environments log more", fits: isLogLevel},
	{id: "issuers", what: "issuers of certificates and tokens", reason: "each environment has its own issuer", fits: isIssuer},
	{id: "secrets", what: "secrets' values", reason: "each environment has its own secrets", fits: isSecret},
	{id: "addresses", what: "addresses", reason: "each environment has its own hosts", fits: isAddress},
	{id: "stores", what: "names of stores, buckets and databases", reason: "each environment keeps its own data", fits: isStore},
	{id: "identifiers", what: "identifiers and public keys", reason: "each environment is registered for itself", fits: isIdentifier},
	{id: "schedules", what: "schedules and retention", reason: "each environment runs jobs and keeps data as long as it needs", fits: isSchedule},
	{id: "environment-names", what: "names of the environment itself", reason: "each environment is called by its name", fits: isEnvironmentName},
}

// candidate is a difference with what the families ask of it.
type candidate struct {
	*parity.Difference
	// words are those of the end of the path that names the setting.
	words  []string
	values []string // of the sides that are present, secrets left out
}

func newCandidate(d *parity.Difference) *candidate {
	c := &candidate{Difference: d, words: word.Split(setting(d.Path))}
	for i := range d.Sides {
		s := &d.Sides[i]
		if s.State == parity.Present && s.Value != nil && s.Kind != parity.Secret {
			c.values = append(c.values, *s.Value)
		}
	}
	return c
}

// says reports whether one of the words, in the singular, is in the name.
func (c *candidate) says(words ...string) bool {
	return slices.ContainsFunc(c.words, func(w string) bool { return slices.Contains(words, word.Singular(w)) })
}

// all reports whether every value is such, and there are at least two.
func (c *candidate) all(such func(string) bool) bool {
	return len(c.values) > 1 && !slices.ContainsFunc(c.values, func(v string) bool { return !such(v) })
}

func isReplicas(c *candidate) bool {
	return c.says("replica", "instance", "node", "worker", "shard", "pod", "machine") && c.all(isCount)
}

func isCount(v string) bool {
	_, err := strconv.ParseUint(v, 10, 31)
	return err == nil
}

func isSize(c *candidate) bool {
	return c.Change == parity.SizingChange && (c.Surface == parity.Resource ||
		c.says("cpu", "memory", "storage", "disk", "heap", "capacity", "size", "quota", "throughput", "iop", "connection", "pool", "concurrency"))
}

// levels are the names that log levels have in common libraries.
var levels = []string{"trace", "debug", "info", "information", "notice", "warn", "warning", "error", "err", "fatal", "critical", "off", "none", "all", "verbose", "silent", "quiet"}

func isLogLevel(c *candidate) bool {
	if c.Change == parity.ToggleChange {
		return c.says("debug", "verbose", "trace", "logging")
	}
	return c.says("log", "level", "logger", "logging", "loglevel", "verbosity") &&
		c.all(func(v string) bool { return slices.Contains(levels, strings.ToLower(v)) })
}

func isIssuer(c *candidate) bool { return c.says("issuer", "acme") && c.all(isPlain) }

func isSecret(c *candidate) bool { return c.Change == parity.SecretChange }

func isAddress(c *candidate) bool { return c.Change == parity.AddressChange }

func isStore(c *candidate) bool {
	return c.Change == parity.TextChange && c.all(isPlain) &&
		c.says("store", "bucket", "database", "db", "schema", "queue", "topic", "vault", "realm", "tenant", "zone", "region", "cluster")
}

// isIdentifier asks for names of identifiers and for values that look drawn: a
// switch between two words is a setting.
func isIdentifier(c *candidate) bool {
	return c.says("id", "key", "arn", "account", "project", "dsn", "sitekey", "client", "subscription") && c.all(isDrawn)
}

func isDrawn(v string) bool {
	const shortest = 8
	return len(v) >= shortest && !strings.ContainsAny(v, " \n") && strings.ContainsAny(v, "0123456789")
}

func isSchedule(c *candidate) bool {
	return c.Change == parity.ScheduleChange || c.says("retention", "ttl", "keep", "retain", "expiry") && c.Change == parity.SizingChange
}

func isEnvironmentName(c *candidate) bool {
	return c.Change == parity.TextChange && c.all(isPlain) && c.says("env", "environment", "stage", "tier", "profile")
}

// isPlain reports whether a value is one short word, host or path.
func isPlain(v string) bool {
	const longest = 120
	return v != "" && len(v) <= longest && !strings.ContainsAny(v, " \t\n{}")
}

// setting returns the end of a path that names the setting: the last segment, and
// those before it that the last one needs to be understood.
func setting(path string) string {
	rest := path
	for rest != "" {
		at := lastSegment(rest)
		if !isGeneric(strings.TrimLeft(path[at:], "/[")) {
			return path[at:]
		}
		rest = rest[:at]
	}
	return path
}

// isGeneric reports whether the end of a path says little without what stands
// before it.
func isGeneric(end string) bool {
	head, _, _ := strings.Cut(end, "/")
	head = strings.Trim(head, "[]")
	switch strings.ToLower(head) {
	case "value", "name", "key", "host", "url", "cpu", "memory", "storage", "server", "path", "id", "type":
		return true
	}
	return isCount(head)
}

// lastSegment returns where the last segment of a path begins: at a slash, or at a
// bracket. What stands in brackets is one segment.
func lastSegment(path string) int {
	if strings.HasSuffix(path, "]") {
		if i := strings.LastIndexByte(path, '['); i >= 0 {
			return i
		}
	}
	slash, bracket := strings.LastIndexByte(path, '/'), strings.LastIndexByte(path, ']')
	if bracket > slash && bracket+1 < len(path) { // the slash stands in brackets
		return bracket + 1
	}
	return max(slash, 0)
}
