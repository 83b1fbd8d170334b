// Package kube says what a Kubernetes object means: it turns objects into
// subjects and facts in a form in which two objects of the same meaning have
// the same facts, whatever their spelling.
package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// Options say what a reader knows of the cluster that objects are meant for.
type Options struct {
	// Kubernetes is the minor version, such as "1.34", whose defaults apply;
	// empty means the newest known.
	Kubernetes string
	// Namespace is what a namespaced object without a namespace belongs to.
	Namespace string
	// Mirrors maps the prefix of an image mirror to the prefix it mirrors.
	Mirrors map[string]string
	// Live says that objects come from a server. What it keeps for itself, the
	// status and the managed fields, is one fact each, and the latter say of
	// other facts who wrote them.
	Live bool
	// Unread reports whether objects of a kind in a namespace could not be read;
	// nil where all that there are were.
	Unread func(kind, namespace string) bool
	// Added, if set, is told the facts of each object, which the reader holds
	// until Finish.
	Added func(facts []parity.Fact)
}

// Reader turns objects into subjects and facts. Objects are added one after
// another; what several of them say together is settled by Finish. It keeps no
// node. Not safe for concurrent use.
type Reader struct {
	options Options
	schema  *schema
	minor   int
	records []*record
	gaps    []parity.Gap
	paths   map[string]pathTable // by kind
	running map[parity.Key]Running
	w       walker
}

// record is one subject with what Finish needs to complete it.
type record struct {
	subject    parity.Subject
	facts      []parity.Fact
	containers []containerEnv
	// derived are the facts that follow from others if those were read.
	derived []derivedFact
	// texts holds a ConfigMap's values that were read as structure, by path.
	texts map[string]string
	// byPath finds facts; it is made where it is asked for.
	byPath map[string]int
	// filledScope: the namespace was filled in, and a CRD may take it away.
	filledScope bool
}

// NewReader makes a reader.
func NewReader(o Options) *Reader {
	r := &Reader{options: o, schema: builtin(), minor: minorOf(o.Kubernetes), paths: map[string]pathTable{}}
	r.w.r = r
	return r
}

// UseNamespace says what a namespaced object without a namespace belongs to,
// from the next one on.
func (r *Reader) UseNamespace(name string) { r.options.Namespace = name }

// Add reads one object, or each object of a list. Origin is shared by all its
// facts; it may be nil. What is no object becomes a gap.
func (r *Reader) Add(obj *doc.Node, origin *parity.Origin) {
	r.add(obj, origin, "", "", 0)
}

// maxLists bounds lists of lists.
const maxLists = 8

func (r *Reader) add(obj *doc.Node, origin *parity.Origin, defaultVersion, defaultKind string, depth int) {
	if obj == nil || obj.Kind == doc.Null {
		return
	}
	version, kind := obj.Get("apiVersion").Str(), obj.Get("kind").Str()
	if version == "" && kind == "" {
		version, kind = defaultVersion, defaultKind
	}
	if items := obj.Get("items"); strings.HasSuffix(kind, "List") && items != nil && items.Kind == doc.List && depth < maxLists {
		for _, item := range items.Items {
			r.add(item, origin, version, strings.TrimSuffix(kind, "List"), depth+1)
		}
		return
	}
	if kind == "" {
		r.gap(obj, origin, parity.Gap{}, "an object has no kind")
		return
	}
	group, version := canonicalVersion(kind, version)
	key, generated := r.key(obj, group, kind)
	if key.Name == "" {
		r.gap(obj, origin, parity.Gap{Kind: kind, Scope: key.Scope}, "an object of kind "+clip(kind)+" has no name")
		return
	}
	r.w.object(obj, origin, key, version, generated)
}

// clip bounds a name in a message.
func clip(s string) string {
	if len(s) > 64 {
		return s[:64]
	}
	return s
}

func (r *Reader) gap(obj *doc.Node, origin *parity.Origin, g parity.Gap, reason string) {
	g.Reason = reason
	line, col := place(obj, origin)
	g.Where = origin.Source(line, col)
	g.Hint = "a Kubernetes object needs apiVersion, kind and metadata.name"
	r.gaps = append(r.gaps, g)
}

// place is where a node stands, as far as its origin is true to the line.
func place(n *doc.Node, origin *parity.Origin) (line, col int32) {
	if n == nil || origin != nil && origin.Precision != parity.AtLine {
		return 0, 0
	}
	return n.Line, n.Col
}

// key identifies the object; generated tells that the API server completes
// its name.
func (r *Reader) key(obj *doc.Node, group, kind string) (key parity.Key, generated bool) {
	meta := obj.Get("metadata")
	key = parity.Key{Kind: kind, Group: group, Name: meta.Get("name").Str()}
	if key.Name == "" {
		key.Name = strings.TrimRight(meta.Get("generateName").Str(), "-")
		generated = true
	}
	if clusterScoped(group, kind) {
		return key, generated
	}
	key.Scope = meta.Get("namespace").Str()
	if key.Scope == "" {
		key.Scope = r.options.Namespace
	}
	return key, generated
}

// Gaps lists what could not be read so far.
func (r *Reader) Gaps() []parity.Gap { return r.gaps }

// Finish settles what several objects say together and emits every subject
// with its facts. The reader is empty afterwards.
func (r *Reader) Finish(emit func(parity.Subject, []parity.Fact)) {
	r.settleScopes()
	x := newIndex(r.records, r.options.Unread)
	for _, rec := range r.records {
		x.settleDerived(rec)
	}
	for _, rec := range r.records {
		r.gaps = append(r.gaps, x.effective(rec)...)
	}
	for i, rec := range r.records {
		if run, ok := r.running[rec.subject.Key]; ok {
			r.lift(rec, &run)
		}
		emit(rec.subject, rec.facts)
		r.records[i] = nil
	}
	r.records = nil
	r.running = nil
	r.paths = map[string]pathTable{}
}
