package kube

import (
	"strings"

	"github.com/envparity/parity"
)

// texts are the values of an object by path, where lists may be keyed otherwise
// in managed fields than in facts; nil where none is.
func (o *ownership) texts(facts []parity.Fact) map[string]string {
	if len(o.keyed) == 0 {
		return nil
	}
	texts := make(map[string]string, len(facts))
	for i := range facts {
		texts[facts[i].Path] = facts[i].Value.Raw
	}
	return texts
}

// asOwned gives a fact's path as managed fields have it: a Service's port is
// known by its name in facts, and by its number there.
func (o *ownership) asOwned(path string, texts map[string]string) string {
	for from := 0; texts != nil; {
		open := strings.IndexByte(path[from:], '[')
		if open < 0 {
			return path
		}
		open += from
		end := strings.IndexByte(path[open:], ']')
		if end < 0 {
			return path
		}
		end += open + 1
		names := o.keyed[path[:open]]
		if names == nil || o.items[path[:end]] {
			from = end
			continue
		}
		item, ok := itemKeys(path[:end], names, texts)
		if !ok || !o.items[path[:open]+item] {
			return path
		}
		path = path[:open] + item + path[end:]
		from = open + len(item)
	}
	return path
}

// itemKeys names an item by the keys of managed fields, as pushKeys does.
func itemKeys(item string, names []string, texts map[string]string) (string, bool) {
	var b strings.Builder
	b.WriteByte('[')
	for i, name := range names {
		text, ok := texts[item+"/"+name]
		if i > 0 && name == "protocol" && (!ok || text == "TCP") {
			continue
		}
		if !ok {
			return "", false
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(name + "=" + text)
	}
	b.WriteByte(']')
	return b.String(), true
}
