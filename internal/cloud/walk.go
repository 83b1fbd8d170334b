package cloud

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// walker reads the attributes of one resource.
type walker struct {
	*reader
	rec  *record
	path []byte
	// fixed, if set, is where all facts stand: places within a text do not
	// count.
	fixed *doc.Node
	extra parity.RuleSet
}

// ordered are the attributes whose lists of texts are command lines: their
// order matters.
var ordered = []string{"args", "command", "entry_point", "entrypoint", "cmd"}

func (w *walker) attribute(f *doc.Field) {
	m := w.rec.res.Secret.field(f.Key)
	if knownSecret(w.rec.res.Type, f.Key) {
		m = MarkAll()
	}
	at := len(w.path)
	w.path = append(append(w.path, '/'), f.Key...)
	n := f.Value
	if inner, ok := dynamic(n); ok {
		n, m = inner, m.without()
	}
	w.node(n, f.Key, m)
	w.path = w.path[:at]
}

// dynamic takes the value out of one that a state keeps together with its type,
// as it does where a schema leaves the type open.
func dynamic(n *doc.Node) (*doc.Node, bool) {
	if n.Kind != doc.Map || len(n.Fields) != 2 {
		return nil, false
	}
	v, t := n.Get("value"), n.Get("type")
	if v == nil || t == nil || !typeOf(t) {
		return nil, false
	}
	return v, true
}

// typeOf reports whether a node is a type as a state writes it.
func typeOf(n *doc.Node) bool {
	switch n.Kind {
	case doc.String:
		return n.Text == "string" || n.Text == "number" || n.Text == "bool" || n.Text == "dynamic"
	case doc.List:
		if len(n.Items) < 2 {
			return false
		}
		switch n.Items[0].Text {
		case "object", "tuple", "list", "set", "map":
			return true
		}
	}
	return false
}

// node reads a value; key is the name that it stands under, or "".
func (w *walker) node(n *doc.Node, key string, m *Marks) {
	switch {
	case n.Kind == doc.Null:
		w.add(n, parity.Value{Kind: parity.Null, Raw: "null"}, parity.SetOf(parity.EmptyIsAbsent))
	case m.whole():
		w.secret(n)
	case n.Kind == doc.Map && len(n.Fields) > 0:
		for i := range n.Fields {
			f := &n.Fields[i]
			at := len(w.path)
			w.path = append(append(w.path, '/'), f.Key...)
			w.node(f.Value, f.Key, m.field(f.Key))
			w.path = w.path[:at]
		}
	case n.Kind == doc.List && len(n.Items) > 0:
		w.list(n, key, m)
	case n.Kind == doc.Map:
		w.empty(n, "{}")
	case n.Kind == doc.List:
		w.empty(n, "[]")
	case n.Kind == doc.String && n.Text == "":
		w.empty(n, `""`)
	case n.Kind == doc.String:
		w.text(n, key)
	default:
		w.scalar(n)
	}
}

func (w *walker) empty(n *doc.Node, raw string) {
	w.add(n, parity.Value{Kind: parity.Null, Raw: raw, Canon: "null"}, parity.SetOf(parity.EmptyIsAbsent))
}

// secret reads a value that is sensitive as a whole, keys included.
func (w *walker) secret(n *doc.Node) {
	w.add(n, parity.Value{Kind: parity.Secret, Raw: PlainText(n)}, 0)
}

// PlainText is a scalar's text, or a map or list as JSON.
func PlainText(n *doc.Node) string {
	if n.Kind != doc.Map && n.Kind != doc.List {
		return n.Text
	}
	out, _ := json.Marshal(plain(n)) //nolint:errchkjson // maps, lists and texts always marshal
	return string(out)
}

func plain(n *doc.Node) any {
	switch n.Kind {
	case doc.Map:
		m := make(map[string]any, len(n.Fields))
		for i := range n.Fields {
			m[n.Fields[i].Key] = plain(n.Fields[i].Value)
		}
		return m
	case doc.List:
		l := make([]any, len(n.Items))
		for i, item := range n.Items {
			l[i] = plain(item)
		}
		return l
	case doc.Null:
		return nil
	default:
		return n.Text
	}
}

func (w *walker) list(n *doc.Node, key string, m *Marks) {
	if allScalar(n.Items) {
		switch {
		case m.any() || w.holdsSecret(n.Items):
			w.secret(n)
		case slices.Contains(ordered, key):
			w.line(n)
		default:
			w.members(n)
		}
		return
	}
	names, field := itemNames(n)
	if field != "" && m.any() && w.secretNames(n, field, m) {
		names, field = nil, ""
	}
	times := map[string]int{}
	at := len(w.path)
	for i, item := range n.Items {
		w.path = append(w.path, '[')
		if field == "" {
			w.path = append(strconv.AppendInt(w.path, int64(i), 10), ']')
		} else {
			w.path = append(append(append(append(w.path, field...), '='), names[i]...), ']')
			w.again(times, names[i])
		}
		w.node(item, "", m.item(i))
		w.path = w.path[:at]
	}
}

// itemNames gives the names of a list's items. A single block has one only where
// it has a name indeed: a port or a path is what it says, and may differ.
func itemNames(n *doc.Node) (names []string, field string) {
	names, field = doc.ItemNames(n)
	if len(n.Items) == 1 && field != "name" && field != "key" && field != "id" {
		return nil, ""
	}
	return names, field
}

// attributeName is the last name of the path.
func (w *walker) attributeName() string { return value.Tail(string(w.path)) }

// secretNames reports whether the names of a list's items are sensitive
// themselves.
func (w *walker) secretNames(n *doc.Node, field string, m *Marks) bool {
	for i, item := range n.Items {
		if below := m.item(i); below.whole() || below.field(field).any() || w.secrets[item.Get(field).Str()] {
			return true
		}
	}
	return false
}

func (w *walker) holdsSecret(items []*doc.Node) bool {
	return slices.ContainsFunc(items, func(n *doc.Node) bool { return w.secrets[n.Text] })
}

func (w *walker) again(times map[string]int, name string) {
	if times[name]++; times[name] > 1 {
		w.path = strconv.AppendInt(append(w.path, '#'), int64(times[name]), 10)
	}
}

func (w *walker) line(n *doc.Node) {
	texts := make([]string, len(n.Items))
	for i, item := range n.Items {
		texts[i] = item.Text
	}
	raw, _ := json.Marshal(texts) //nolint:errchkjson // strings always marshal
	w.add(n, parity.Value{Kind: parity.List, Raw: string(raw)}, 0)
}

// members reads a list of scalars as a set: the files do not tell sets from
// lists. One that names another resource has that resource's name in its path.
func (w *walker) members(n *doc.Node) {
	times := map[string]int{}
	at := len(w.path)
	for _, item := range n.Items {
		text, v := item.Text, parity.Value{Kind: parity.Set, Raw: item.Text}
		rules := parity.SetOf(parity.SetOrder)
		if item.Kind == doc.Null {
			text, v.Raw = "null", "null"
		}
		if to := w.index.find(w.rec.res, w.attributeName(), item.Text); to != nil && w.fixed == nil {
			text = to.Address
			v, rules = reference(to, item.Text), parity.SetOf(parity.ReferenceName)
		}
		w.path = append(append(append(w.path, "[="...), text...), ']')
		w.again(times, text)
		w.add(item, v, rules)
		w.path = w.path[:at]
	}
}

func allScalar(items []*doc.Node) bool {
	return !slices.ContainsFunc(items, func(n *doc.Node) bool { return n.Kind == doc.Map || n.Kind == doc.List })
}

// text reads a text: a policy, other structured text, the name of another
// resource, or a value of its own.
func (w *walker) text(n *doc.Node, key string) {
	if w.secrets[n.Text] {
		w.secret(n)
		return
	}
	if w.fixed == nil && (w.policy(n) || w.embedded(n, key)) {
		return
	}
	if to := w.index.find(w.rec.res, key, n.Text); to != nil && w.fixed == nil {
		w.add(n, reference(to, n.Text), parity.SetOf(parity.ReferenceName))
		return
	}
	w.scalar(n)
}

// embedded reads JSON within a text as structure, and other structured text
// where the attribute's name says what it is.
func (w *walker) embedded(n *doc.Node, key string) bool {
	root := parseJSON(n.Text, w.options.Limits)
	if root == nil {
		found, _, ok := doc.Embedded(key, n.Text, w.options.Limits)
		if !ok {
			return false
		}
		root = found
	}
	if len(root.Fields)+len(root.Items) == 0 {
		return false
	}
	w.fixed, w.extra = n, parity.SetOf(parity.EmbeddedText)
	w.node(root, "", nil)
	w.fixed, w.extra = nil, 0
	return true
}

// parseJSON reads a text that is a JSON object or list; nil where it is none.
func parseJSON(text string, l doc.Limits) *doc.Node {
	trimmed := strings.TrimSpace(text)
	if len(trimmed) < 2 || trimmed[0] != '{' && trimmed[0] != '[' {
		return nil
	}
	root, err := doc.ParseJSON([]byte(trimmed), l)
	if err != nil || root.Kind != doc.Map && root.Kind != doc.List {
		return nil
	}
	return root
}

func (w *walker) scalar(n *doc.Node) {
	path := string(w.path)
	v, rules := value.Of(path, n.Text, scalarOf(n.Kind))
	if v.Kind == parity.Text && strings.IndexByte(n.Text, '\n') >= 0 {
		if canon := strings.TrimRight(strings.ReplaceAll(n.Text, "\r\n", "\n"), "\n"); canon != n.Text && canon != "" {
			v.Canon, rules = canon, parity.SetOf(parity.TextForm)
		}
	}
	if v.Kind == parity.Number && n.Kind == doc.String && strings.HasSuffix(value.Tail(path), "version") {
		v.Kind = parity.Version
	}
	if w.fixed == nil {
		rules |= computed(w.rec.res.Type, path)
	}
	w.add(n, v, rules)
}

func (w *walker) add(n *doc.Node, v parity.Value, rules parity.RuleSet) {
	at := n
	if w.fixed != nil {
		at = w.fixed
	}
	w.rec.add(at, string(w.path), v, rules|w.extra)
}

func scalarOf(k doc.Kind) value.Scalar {
	switch k {
	case doc.Null:
		return value.NullScalar
	case doc.Bool:
		return value.BoolScalar
	case doc.Number:
		return value.NumberScalar
	default:
		return value.StringScalar
	}
}
