package cloud

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// index finds managed resources by the identifiers that others name them by.
type index struct {
	// strong are identifiers that can mean nothing else; weak are names that
	// only count where the resource that uses one says that it depends on it.
	strong, weak map[string][]*Resource
	// addresses are by address, plain by address without indexes.
	addresses map[string]*Resource
	plain     map[string][]*Resource
}

// at gives the resource at an address; one without an index fits an instance
// where there is only one.
func (x *index) at(address string) *Resource {
	if to := x.addresses[address]; to != nil {
		return to
	}
	if to := x.plain[WithoutIndexes(address)]; len(to) == 1 && address != "" {
		return to[0]
	}
	return nil
}

// maxAlike bounds the resources that are remembered under one identifier; so
// many name nothing.
const maxAlike = 16

func newIndex(resources []*Resource) *index {
	x := &index{strong: map[string][]*Resource{}, weak: map[string][]*Resource{}, addresses: map[string]*Resource{}, plain: map[string][]*Resource{}}
	for _, res := range resources {
		if res.Data {
			continue
		}
		x.addresses[res.Address] = res
		x.plain[WithoutIndexes(res.Address)] = append(x.plain[WithoutIndexes(res.Address)], res)
		for _, name := range res.Names {
			x.strong[name] = append(x.strong[name], res)
		}
		for _, name := range [...]string{"arn", "self_link", "id", "uid", "unique_id", "name"} {
			n := res.Attributes.Get(name)
			if n == nil || n.Kind != doc.String || len(n.Text) < 3 || res.Secret.field(name).any() {
				continue
			}
			if name != "id" && computed(res.Type, name) == 0 && name != "name" {
				continue // it is given: the identifier of something else
			}
			to := x.weak
			if name != "name" && opaque(n.Text) {
				to = x.strong
			}
			if list := to[n.Text]; len(list) < maxAlike && !slices.Contains(list, res) {
				to[n.Text] = append(list, res)
			}
		}
	}
	return x
}

// opaque reports whether a text can only be an identifier.
func opaque(s string) bool {
	if _, ok := value.Identifier(s); ok {
		return true
	}
	// The identifiers of AWS, which are now and then of digits alone.
	if prefix, id, ok := strings.Cut(s, "-"); ok && prefix != "" && (len(id) == 8 || len(id) == 17) && strings.Trim(id, "0123456789abcdef") == "" && strings.Trim(prefix, "abcdefghijklmnopqrstuvwxyz") == "" {
		return true
	}
	return strings.HasPrefix(s, "/subscriptions/") || strings.HasPrefix(s, "projects/") || strings.HasPrefix(s, "https://")
}

// find gives the resource that a text of another one names, or nil. A name
// counts only at an attribute that is called as a part of the type is: a role's
// name in role, a bucket's in bucket.
func (x *index) find(from *Resource, attribute, text string) *Resource {
	if to := x.strong[text]; len(to) > 0 {
		return only(to, from)
	}
	candidates := x.weak[text]
	if len(candidates) == 0 || attribute == "name" || attribute == "id" || attribute == "identifier" {
		return nil
	}
	word, _, _ := strings.Cut(strings.TrimSuffix(attribute, "_name"), "_")
	var named []*Resource
	for _, to := range candidates {
		last := to.Type[strings.LastIndexByte(to.Type, '_')+1:]
		if to != from && word != "" && strings.HasPrefix(last, word) && slices.Contains(from.DependsOn, WithoutIndexes(to.Address)) {
			named = append(named, to)
		}
	}
	return only(named, from)
}

// only is the one resource of a list that is not the one that asks; of several,
// the one that has an ARN of its own: an attachment may be called as what it
// belongs to.
func only(list []*Resource, from *Resource) *Resource {
	var one, own *Resource
	several, many := false, false
	for _, res := range list {
		if res == from {
			return nil
		}
		several, one = one != nil, res
		if res.Attributes.Get("arn") != nil {
			many, own = own != nil, res
		}
	}
	switch {
	case !several:
		return one
	case own != nil && !many:
		return own
	default:
		return nil
	}
}

// WithoutIndexes takes the index keys out of an address.
func WithoutIndexes(address string) string {
	var b strings.Builder
	depth, quoted := 0, false
	for i := range len(address) {
		c := address[i]
		switch {
		case depth > 0 && c == '"' && address[i-1] != '\\':
			quoted = !quoted
		case !quoted && c == '[':
			depth++
			continue
		case !quoted && c == ']' && depth > 0:
			depth--
			continue
		}
		if depth == 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func reference(to *Resource, raw string) parity.Value {
	return parity.Value{Kind: parity.Reference, Raw: raw, Canon: parity.RefTarget(to.Type, to.Scope, to.Name)}
}

// selfNames finds the attributes that are made of the resource's own name: an
// ARN that ends in it says no more than the name does.
func (r *reader) selfNames(rec *record) {
	for i := range rec.facts {
		f := &rec.facts[i]
		if !f.Rules.Has(parity.Allocated) || f.Value.Kind == parity.Secret {
			continue
		}
		for _, name := range nameAttributes {
			own := rec.text(name)
			if own == "" || "/"+name == f.Path || !endsIn(f.Value.Raw, own) {
				continue
			}
			from := rec.ref("/" + name)
			f.Rules, f.DerivedFrom = f.Rules&^parity.SetOf(parity.Allocated), &from
			break
		}
	}
}

// nameAttributes are the attributes that name a resource within its cloud.
var nameAttributes = []string{"name", "function_name", "bucket", "identifier", "cluster_identifier", "domain_name", "family", "account_id"}

func endsIn(text, name string) bool {
	rest, ok := strings.CutSuffix(text, name)
	return ok && (rest == "" || strings.HasSuffix(rest, "/") || strings.HasSuffix(rest, ":"))
}

// gatherSecrets collects the sensitive texts, so that they are secret wherever
// else they stand.
func (r *reader) gatherSecrets(resources []*Resource) {
	for _, s := range r.options.Secrets {
		r.secretText(s)
	}
	for _, res := range resources {
		for i := range res.Attributes.Fields {
			f := &res.Attributes.Fields[i]
			m := res.Secret.field(f.Key)
			if knownSecret(res.Type, f.Key) {
				m = MarkAll()
			}
			r.secretsIn(f.Value, m)
		}
	}
}

func (r *reader) secretsIn(n *doc.Node, m *Marks) {
	if m == nil {
		return
	}
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			r.secretsIn(n.Fields[i].Value, m.field(n.Fields[i].Key))
		}
	case doc.List:
		for i, item := range n.Items {
			r.secretsIn(item, m.item(i))
		}
	case doc.String:
		if m.whole() {
			r.secretText(n.Text)
		}
	}
}

// secretText remembers a text that is long enough, and no plain word: where a
// user's name is kept secret, not all that is called so is.
func (r *reader) secretText(s string) {
	if len(s) >= 8 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") != "" {
		r.secrets[s] = true
	}
}
