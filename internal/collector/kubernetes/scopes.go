package kubernetes

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/parallel"
)

// systemNamespaces are those of the cluster itself.
var systemNamespaces = []string{"kube-system", "kube-public", "kube-node-lease"}

// scopes says which namespaces are read.
type scopes struct {
	// each are listed one by one; empty lists all at once.
	each            []string
	include, except []string
}

func (s scopes) reads(namespace string) bool {
	if namespace == "" {
		return true
	}
	return !fits(s.except, namespace) && (len(s.include) == 0 || fits(s.include, namespace))
}

// settle says which namespaces are read.
func (s *session) settle() {
	s.scopes = scopes{include: s.cfg.Namespaces, except: s.cfg.ExcludeNamespaces}
	if s.scopes.except == nil {
		s.scopes.except = slices.DeleteFunc(slices.Clone(systemNamespaces), func(n string) bool {
			return slices.Contains(s.cfg.Namespaces, n)
		})
	}
	if len(s.cfg.Namespaces) > 0 && !slices.ContainsFunc(s.cfg.Namespaces, func(n string) bool { return strings.ContainsAny(n, "*?[") }) {
		s.scopes.each = s.cfg.Namespaces
	}
}

// task is one list with what is done with its objects.
type task struct {
	listing
	// subject: its objects are subjects; use: they tell of others.
	subject bool
	use     func(*object) error
}

// tasks lays out the lists. A kind that only tells of others is read in any
// case.
func (s *session) tasks() []task {
	var out []task
	for _, r := range s.found.resources {
		t := task{listing: listing{resource: r}, subject: s.cfg.listed(r), use: s.uses(r)}
		if r.id() == "/Event" {
			t.fields = "type=Warning"
		}
		if !t.subject && t.use == nil {
			continue
		}
		if !r.namespaced || len(s.scopes.each) == 0 {
			out = append(out, t)
			continue
		}
		for _, namespace := range s.scopes.each {
			t.namespace = namespace
			out = append(out, t)
		}
	}
	return out
}

// uses says what a kind tells of others.
func (s *session) uses(r resource) func(*object) error {
	if fitsKind(s.cfg.Kinds.Exclude, r) {
		return nil
	}
	switch r.id() {
	case "/Pod":
		return s.pods.pod
	case "apps/ReplicaSet":
		return s.pods.replicaSet
	case "batch/Job":
		return s.pods.job
	case "apps/ControllerRevision":
		return s.pods.revision
	case "/Event":
		return s.pods.event
	case "/Node":
		return s.nodes.node
	}
	return nil
}

// lists reads all lists, several at once. One that fails is a gap for its kind
// and namespace. An error is of the context, or a fault that ended all of them.
func (s *session) lists(ctx context.Context) error {
	for gv, err := range s.found.failed {
		if s.cfg.ignores(gv.Group) {
			continue
		}
		g := gapOf(err, s.display())
		g.Kind, g.Group = anyKind, parity.LiteralPattern(gv.Group)
		g.Reason = "the kinds of " + gv.String() + " are not known: " + g.Reason
		s.out.Gap(g)
	}
	var mu sync.Mutex // guards the sink and the reader
	return parallel.ForEach(ctx, s.cfg.Concurrency, s.tasks(), func(ctx context.Context, _ int, t task) error {
		if err := s.list(ctx, t, &mu); err != nil && ctx.Err() == nil {
			mu.Lock()
			defer mu.Unlock()
			s.lost(t, err)
		}
		return nil
	})
}

// lost records that a list could not be read, or not to its end.
func (s *session) lost(t task, err error) {
	s.census.lose(t.kind, t.namespace)
	g := gapOf(err, s.display())
	what := t.kind
	if t.group != "" {
		what += "." + t.group
	}
	if t.namespace != "" {
		what += " in namespace " + t.namespace
	}
	g.Reason = what + ": " + g.Reason
	if t.subject {
		s.out.Gap(under(g, t))
	}
	for _, more := range hidden(g, t) {
		s.out.Gap(more)
	}
}

// list reads one list.
func (s *session) list(ctx context.Context, t task, mu *sync.Mutex) error {
	limits := doc.Limits{Nodes: s.in.Limits.Nodes, Depth: s.in.Limits.Depth, Bytes: maxItem}
	return s.pages(ctx, t.listing, func(p page, raw []byte) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		o, err := decode(p, t.kind, raw, limits)
		if err != nil {
			s.census.lose(t.kind, t.namespace)
			mu.Lock()
			defer mu.Unlock()
			s.unreadable(t)
			return nil
		}
		if !s.met(t, o.Meta.Namespace, o.Meta.Name, o.Meta.UID, o.Meta.ResourceVersion) {
			return nil
		}
		if t.use != nil {
			if err := t.use(o); err != nil {
				return err
			}
		}
		if !t.subject {
			return nil
		}
		if why := standing(t.resource, o); why != "" {
			s.census.skip(why)
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		s.objects.Add(o.tree, s.origin(t.kind+" "+o.Meta.named()))
		if s.held.Full() {
			s.objects.Finish(s.out.Subject)
		}
		return nil
	})
}

// met notes that an object is there, and reports whether it is read: one in a
// namespace that is not read only counts, whatever its version.
func (s *session) met(t task, namespace, name, uid, version string) bool {
	if !s.scopes.reads(namespace) || t.id() == "/Namespace" && !s.scopes.reads(name) {
		if t.subject {
			s.prints.object(t.resource, uid, "")
			s.census.skip(elsewhere)
		}
		return false
	}
	if t.id() != "/Node" { // its status is written all the time
		s.prints.object(t.resource, uid, version)
	}
	return true
}

// unreadable records an object that is no tree within the bounds, and whose
// name is not known for that.
func (s *session) unreadable(t task) {
	s.out.Gap(under(parity.Gap{Reason: t.kind + ": an object is larger or deeper than is read", Where: s.display()}, t))
}

func (m *metadata) named() string {
	if m.Namespace == "" {
		return m.Name
	}
	return m.Namespace + "/" + m.Name
}
