package settings

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// ordered are the fields whose lists of scalars are command lines: their order
// matters.
var ordered = []string{"args", "argv", "cmd", "command", "entrypoint"}

// solid are the fields where an empty map or list says something: everything,
// or a volume.
var solid = []string{"emptyDir", "podSelector", "namespaceSelector", "matchLabels", "ingress", "egress"}

func (r *reader) fields(n *doc.Node) {
	for i := range n.Fields {
		r.field(&n.Fields[i])
	}
}

func (r *reader) field(f *doc.Field) {
	at := len(r.path)
	r.path = append(append(r.path, '/'), f.Key...)
	r.node(f.Value, f.Key)
	r.path = r.path[:at]
}

// node reads a value; key is the field that it stands in, or "".
func (r *reader) node(n *doc.Node, key string) {
	switch {
	case n.Kind == doc.Map && len(n.Fields) > 0:
		r.fields(n)
	case n.Kind == doc.List && len(n.Items) > 0:
		r.list(n, key)
	case n.Kind == doc.Map:
		r.empty(n, "{}", key)
	case n.Kind == doc.List:
		r.empty(n, "[]", key)
	case r.ciphered && strings.HasPrefix(string(r.path), "/spec/encryptedData/"):
		r.add(n, parity.Value{Kind: parity.Secret}, parity.SetOf(parity.SecretForm))
	case r.sealed(n):
		r.add(n, parity.Value{Kind: parity.Secret, Raw: n.Text}, 0)
	case n.Kind == doc.String && r.embedded(n, key):
	default:
		r.scalar(n)
	}
}

// empty reads {} or [], which say as much as nothing does but for a few fields.
func (r *reader) empty(n *doc.Node, raw, key string) {
	if slices.Contains(solid, key) {
		r.add(n, parity.Value{Kind: parity.Text, Raw: raw}, 0)
		return
	}
	r.add(n, parity.Value{Kind: parity.Null, Raw: raw, Canon: "null"}, parity.SetOf(parity.EmptyIsAbsent))
}

func (r *reader) list(n *doc.Node, key string) {
	if allScalar(n.Items) {
		if slices.Contains(ordered, key) {
			r.line(n)
		} else {
			r.members(n)
		}
		return
	}
	names, field := doc.ItemNames(n)
	times := map[string]int{}
	at := len(r.path)
	for i, item := range n.Items {
		name := strconv.Itoa(i)
		if field != "" {
			name = field + "=" + names[i]
		}
		r.path = append(append(append(r.path, '['), name...), ']')
		r.again(times, name)
		r.node(item, "")
		r.path = r.path[:at]
	}
}

// line reads a command line as one value.
func (r *reader) line(n *doc.Node) {
	texts := make([]string, len(n.Items))
	for i, item := range n.Items {
		texts[i] = plain(item.Text)
	}
	raw, _ := json.Marshal(texts) //nolint:errchkjson // strings always marshal
	r.add(n, parity.Value{Kind: parity.List, Raw: string(raw)}, 0)
}

// members reads a list of scalars as a set.
func (r *reader) members(n *doc.Node) {
	var rules parity.RuleSet
	if !slices.IsSortedFunc(n.Items, func(a, b *doc.Node) int { return strings.Compare(a.Text, b.Text) }) {
		rules = parity.SetOf(parity.SetOrder)
	}
	times := map[string]int{}
	at := len(r.path)
	for _, item := range n.Items {
		text := plain(item.Text)
		if item.Kind == doc.Null {
			text = "null"
		}
		r.path = append(append(append(r.path, "[="...), text...), ']')
		r.again(times, text)
		r.add(item, parity.Value{Kind: parity.Set, Raw: text}, rules)
		r.path = r.path[:at]
	}
}

// plain is a text, or what stands for a ciphertext.
func plain(text string) string {
	if value.Encrypted(text) {
		return "(encrypted)"
	}
	return text
}

// again tells an item apart from those of the same name before it.
func (r *reader) again(times map[string]int, name string) {
	if times[name]++; times[name] > 1 {
		r.path = strconv.AppendInt(append(r.path, '#'), int64(times[name]), 10)
	}
}

func allScalar(items []*doc.Node) bool {
	for _, n := range items {
		if n.Kind == doc.Map || n.Kind == doc.List {
			return false
		}
	}
	return true
}

// sealed reports whether a value is one of a Secret.
func (r *reader) sealed(n *doc.Node) bool {
	if !r.secret || n.Kind == doc.Null {
		return false
	}
	path := string(r.path)
	return strings.HasPrefix(path, "/data/") || strings.HasPrefix(path, "/stringData/")
}

// embedded reads structured text within a value as structure.
func (r *reader) embedded(n *doc.Node, key string) bool {
	if r.fixed != nil || strings.IndexByte(n.Text, '\n') < 0 {
		return false
	}
	root, _, ok := doc.Embedded(key, n.Text, r.options.Limits)
	if !ok {
		return false
	}
	doc.StripSOPS(root)
	r.fixed, r.extra = n, parity.SetOf(parity.EmbeddedText)
	r.node(root, "")
	r.fixed, r.extra = nil, 0
	return true
}
