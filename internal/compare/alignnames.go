package compare

import (
	"strings"

	"github.com/envparity/parity"
)

// logicalKeys computes the keys without the environment's spellings. Where two
// subjects of one kind and scope would get the same, both keep their own.
func (c *column) logicalKeys() []parity.Key {
	keys := make([]parity.Key, len(c.rows))
	renamed := map[parity.Key]int{}
	for i := range keys {
		keys[i] = c.logicalKey(&c.snap.Subjects[i].Subject)
		if keys[i] != c.snap.Subjects[i].Subject.Key {
			renamed[keys[i]]++
		}
	}
	for i := range keys {
		k := c.snap.Subjects[i].Subject.Key
		if keys[i].Name != k.Name && (renamed[keys[i]] > 1 || c.has(keys[i])) {
			keys[i].Name = k.Name
		}
	}
	return keys
}

// has reports whether a subject of the column has this very key.
func (c *column) has(k parity.Key) bool {
	_, ok := c.subjectAt(k)
	return ok
}

func (c *column) logicalKey(s *parity.Subject) parity.Key {
	k := s.Key
	k.Scope = c.withoutWords(c.scope(k.Scope))
	k.Name = c.withoutWords(k.Name)
	return k
}

func (c *column) scope(own string) string {
	if mapped, ok := c.namespaces[own]; ok {
		return mapped
	}
	return own
}

// withoutWords removes the environment's own words where they are whole
// segments. A name that is nothing but such a word becomes "{env}".
func (c *column) withoutWords(name string) string {
	start, end := c.findWord(name)
	if start < 0 {
		return name
	}
	var b strings.Builder
	for start >= 0 {
		from, to, ok := cut(name, start, end)
		switch {
		case start == 0 && end == len(name):
			b.WriteString("{env}")
			name = ""
		case end < len(name) && name[end] == '"' && start > 0:
			// The end of an index: bucket["staging"], bucket["shop-staging"].
			if name[start-1] == '"' {
				b.WriteString(name[:start] + "{env}")
			} else {
				b.WriteString(name[:start-1])
			}
			name = name[end:]
		case ok:
			b.WriteString(name[:from])
			name = name[to:]
		case end < len(name):
			b.WriteString(name[:start])
			name = name[end+1:]
		default:
			b.WriteString(name[:start-1])
			name = ""
		}
		start, end = c.findWord(name)
	}
	b.WriteString(name)
	return b.String()
}

// findWord finds the first whole segments that are a name of the environment;
// start is -1 where there are none.
func (c *column) findWord(name string) (start, end int) {
	start, end = -1, -1
	c.matcher.each(name, nil, func(x match) bool {
		if (x.start == 0 || edge(name[x.start-1])) && (x.end == len(name) || edge(name[x.end])) {
			start, end = x.start, x.end
			return false
		}
		return true
	})
	return start, end
}

// edge reports whether a word may begin or end beside a byte: a separator, or the
// quotes of an index.
func edge(c byte) bool { return joins(c) || c == ':' || c == '"' }

func joinKey(parts ...string) string { return strings.Join(parts, "\x1f") }
