// Package cloud says what the resources of clouds mean, as Terraform and
// OpenTofu know them: permissions and network rules as tuples, functions in one
// shape, names of other resources as references. It is to resources what
// package kube is to Kubernetes objects.
package cloud

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// Resource is one instance of a resource or of a data source.
type Resource struct {
	// Type is the resource's type, such as aws_iam_policy.
	Type string
	// Scope is the module that it is in, empty for the root, with the state's
	// name before it where there are several. Name is its name with the index.
	Scope, Name string
	// Address is how people name it, from the root module.
	Address string
	// Data is set for what was only looked up.
	Data bool
	// Provider is the provider's source address, with an alias behind a dot.
	Provider string
	// Status says what is odd about it: "tainted", or "deposed" where an object
	// that it replaced is still to be destroyed.
	Status []string
	// Attributes is a map of what the resource is.
	Attributes *doc.Node
	// Secret says which attributes are sensitive.
	Secret *Marks
	// Unknown are the attributes that are not known yet, or not whole.
	Unknown map[string]bool
	// DependsOn are the addresses, without indexes, of what it refers to.
	DependsOn []string
	// Refers are the addresses of what attributes refer to by identifier, where
	// the configuration tells; they count where the identifier is not known.
	Refers map[string]string
	// Names are texts that can mean nothing but this resource, besides its
	// identifiers.
	Names []string
	// Origin is where it was read; Line and Col are where it begins.
	Origin    *parity.Origin
	Line, Col int32
}

// Options say how resources are read.
type Options struct {
	// Limits bound structured text within values.
	Limits doc.Limits
	// Secrets are texts that are sensitive elsewhere, such as in a variable: a
	// value that is the same text is a secret too.
	Secrets []string
}

// DocumentKind is the kind of the one data source that is a subject: it states
// permissions.
const DocumentKind = "data.aws_iam_policy_document"

// Read turns resources into subjects with their facts. Rules that stand in
// resources of their own are told on the group that they are for. A data source
// is a subject only where it states permissions; others say what exists
// elsewhere.
func Read(resources []*Resource, o Options, emit func(parity.Subject, []parity.Fact)) {
	r := &reader{options: o, secrets: map[string]bool{}, byAddress: map[string]*record{}, groups: map[*record][]*rule{}, targets: map[string]*record{}}
	r.index = newIndex(resources)
	r.gatherSecrets(resources)
	for _, res := range resources {
		if !res.Data || res.Type == "aws_iam_policy_document" {
			r.records = append(r.records, r.newRecord(res))
		}
	}
	for _, rec := range slices.Clone(r.records) {
		r.read(rec)
	}
	for _, f := range r.later {
		f()
	}
	r.nameTargets()
	r.network()
	r.functions()
	r.documents()
	for _, rec := range r.records {
		emit(rec.subject, rec.facts)
	}
}

// reader is one run over the resources of a state.
type reader struct {
	options Options
	index   *index
	records []*record
	// byAddress finds the record of a resource by its scope, type and name.
	byAddress map[string]*record
	// secrets are the sensitive texts of all resources.
	secrets map[string]bool
	// groups are the network rules of each group, in the order of the source.
	groups map[*record][]*rule
	// targets are the subjects that stand for what permissions are given on.
	targets map[string]*record
	// azureGroups finds network security groups by state, resource group and
	// name; built when first asked.
	azureGroups map[[3]string]*record
	// later is what can be done once all resources are read.
	later []func()
}

// record is a subject in the making.
type record struct {
	res     *Resource
	subject parity.Subject
	facts   []parity.Fact
	// skip are the attributes that something else has read.
	skip map[string]bool
	// policies are the policy texts of the record, by the attribute that holds
	// one.
	policies map[string]string
	// told are the permissions that the record has been given.
	told map[string]bool
	// shape says which attributes follow from the shape of functions.
	shape []follows
}

func (r *reader) newRecord(res *Resource) *record {
	kind := res.Type
	if res.Data {
		kind = "data." + kind
	}
	rec := &record{res: res, skip: map[string]bool{}, policies: map[string]string{}}
	rec.subject = parity.Subject{
		Format: Format, Key: parity.Key{Kind: kind, Scope: res.Scope, Name: res.Name}, Origin: res.Origin, Line: res.Line, Col: res.Col,
	}
	rec.subject.Labels = labels(rec.attr("tags"), rec.attr("labels"))
	r.byAddress[res.Scope+"\x1f"+kind+"\x1f"+res.Name] = rec
	return rec
}

// labels are the tags of a resource, sorted by name.
func labels(maps ...*doc.Node) []parity.Label {
	var all []parity.Label
	for _, m := range maps {
		if m == nil || m.Kind != doc.Map {
			continue
		}
		for i := range m.Fields {
			if v := m.Fields[i].Value; v.Kind == doc.String {
				all = append(all, parity.Label{Name: m.Fields[i].Key, Value: v.Text})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b parity.Label) int { return strings.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b parity.Label) bool { return a.Name == b.Name })
}

// read reads one resource: first what its type means, then the attributes that
// are left.
func (r *reader) read(rec *record) {
	rec.platform()
	r.rules(rec)
	r.permissions(rec)
	w := &walker{reader: r, rec: rec}
	for i := range rec.res.Attributes.Fields {
		f := &rec.res.Attributes.Fields[i]
		if !rec.skip[f.Key] {
			w.attribute(f)
		}
	}
	r.certificate(rec)
	r.selfNames(rec)
	if rec.res.Type == "terraform_data" {
		rec.derive("/output", rec.ref("/input"))
	}
}

// platform tells what made the resource.
func (rec *record) platform() {
	at := &doc.Node{Line: rec.res.Line, Col: rec.res.Col}
	if p := rec.res.Provider; p != "" {
		v := parity.Value{Kind: parity.Text, Raw: p, Canon: source(p)}
		if v.Canon == v.Raw {
			v.Canon = ""
		}
		rec.add(at, "/provider", v, 0)
	}
	for _, s := range rec.res.Status {
		rec.add(at, "/status[="+s+"]", parity.Value{Kind: parity.Set, Raw: s}, 0)
	}
}

// source is a provider without the registry that it was had from: Terraform
// and OpenTofu have the same ones in registries of their own.
func source(provider string) string {
	for _, registry := range [...]string{"registry.terraform.io/", "registry.opentofu.org/"} {
		if rest, ok := strings.CutPrefix(provider, registry); ok {
			return rest
		}
	}
	return provider
}

// add adds one fact.
func (rec *record) add(at *doc.Node, path string, v parity.Value, rules parity.RuleSet) {
	f := parity.Fact{
		Path: path, Value: v, Rules: rules, Surface: surfaces().Of(rec.subject.Kind, path), Origin: rec.res.Origin,
	}
	if o := rec.res.Origin; at != nil && (o == nil || o.Precision == parity.AtLine) {
		f.Line, f.Col = at.Line, at.Col
	}
	rec.facts = append(rec.facts, f)
}

// derive says of the facts at and below a path that they follow from another.
func (rec *record) derive(path string, from parity.FactRef) {
	for i := range rec.facts {
		f := &rec.facts[i]
		rest, ok := strings.CutPrefix(f.Path, path)
		if ok && (rest == "" || rest[0] == '/' || rest[0] == '[') && f.Path != from.Path && f.DerivedFrom == nil {
			f.DerivedFrom = &from
		}
	}
}

// deriveAll says of all attributes that they follow from another fact. What is
// told on the record as tuples stands for itself.
func (rec *record) deriveAll(from parity.FactRef) {
	for i := range rec.facts {
		if f := &rec.facts[i]; f.DerivedFrom == nil && f.Value.Kind != parity.Tuple {
			f.DerivedFrom = &from
		}
	}
}

// ref points to a fact of the record.
func (rec *record) ref(path string) parity.FactRef {
	return parity.FactRef{Subject: rec.subject.Key, Path: path}
}

// attr is an attribute of the resource, nil where it is not there, null or
// sensitive.
func (rec *record) attr(names ...string) *doc.Node {
	n, m := rec.res.Attributes, rec.res.Secret
	for _, name := range names {
		if n != nil && n.Kind == doc.List && len(n.Items) > 0 {
			n, m = n.Items[0], m.item(0)
		}
		n, m = n.Get(name), m.field(name)
		if n == nil || n.Kind == doc.Null || m.whole() {
			return nil
		}
	}
	if m.any() {
		return nil
	}
	return n
}

// unsure reports whether an attribute other than those given and what a provider
// computes is not known yet: what the resource states is then not known either.
func (rec *record) unsure(but ...string) bool {
	for name := range rec.res.Unknown {
		if !slices.Contains(but, name) && !Computed(rec.res.Type, name) {
			return true
		}
	}
	return false
}

// text is an attribute's text.
func (rec *record) text(names ...string) string { return rec.attr(names...).Str() }
