package manifests

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// maxFollowed bounds how many deployments of one source are followed, and
// maxChain how many of them bring one another.
const (
	maxFollowed = 5000
	maxChain    = 16
)

// followed is what is known of the deployments that a source holds: objects of
// Argo CD and Flux that bring others.
type followed struct {
	// queue holds those that are still to be built, waiting those that need what
	// others may bring.
	queue, waiting []*deployment
	seen           map[string]bool
	// known are the objects that others take values from, by kind, namespace and
	// name.
	known map[string]*doc.Node
	// urls counts the repositories that Applications name together with a path
	// that is there.
	urls map[string]int
	// clusterless are the Applications for clusters whose URLs are not known.
	clusterless []string
	// plain is the directory that was read as it is.
	plain string
	// built is the directory that was read as its own Kustomization builds it.
	built string
	// chain counts the deployments that lead to what is read.
	chain int
	// inner is set while a deployment is built: what it brings is not selected.
	inner bool
}

// deployment is an object that brings others.
type deployment struct {
	kind   string
	node   *doc.Node
	origin *parity.Origin
	chain  int // how many others lead to it
}

func (d *deployment) name() string { return d.node.At("metadata", "name").Str() }

func (d *deployment) namespace() string { return d.node.At("metadata", "namespace").Str() }

// where shows where a deployment stands.
func (d *deployment) where() string {
	return sourceOf(d.node, d.origin)
}

// sourceOf shows where an object stands, as far as its origin is true to the
// line.
func sourceOf(n *doc.Node, origin *parity.Origin) string {
	if origin.Precision != parity.AtLine {
		return origin.Source(0, 0)
	}
	return origin.Source(n.Line, n.Col)
}

func (s *session) followsFlux() bool { return s.cfg.Follow }

func (s *session) followsArgo() bool {
	return s.cfg.Follow || s.cfg.FollowApplications || s.cfg.Applications.set()
}

func (s *session) follows() bool { return s.followsFlux() || s.followsArgo() }

// note keeps an object that is to be followed, or that others take values from.
func (s *session) note(obj *doc.Node, origin *parity.Origin) {
	group, _, _ := strings.Cut(obj.Get("apiVersion").Str(), "/")
	kind := obj.Get("kind").Str()
	d := &deployment{kind: kind, node: obj, origin: origin, chain: s.seen.chain}
	switch {
	case group == "argoproj.io" && kind == "Application" && s.followsArgo():
		s.countSources(obj)
		s.seen.queue = append(s.seen.queue, d)
	case isFluxKustomization(obj) && s.followsFlux():
		s.seen.queue = append(s.seen.queue, d)
	case group == "helm.toolkit.fluxcd.io" && kind == "HelmRelease" && s.followsFlux():
		s.seen.waiting = append(s.seen.waiting, d)
	case kind == "ConfigMap" || kind == "Secret" || strings.HasSuffix(group, ".fluxcd.io"):
		s.seen.known[knownKey(kind, d.namespace(), d.name())] = obj
	}
}

func knownKey(kind, namespace, name string) string { return kind + "\x00" + namespace + "\x00" + name }

// follow builds the deployments that were met, and those that they bring.
func (s *session) follow() error {
	s.seen.inner = true
	defer func() { s.seen.inner = false }()
	for n := 0; ; n++ {
		d := s.next()
		if d == nil {
			s.clusterGap()
			return nil
		}
		if n >= maxFollowed || d.chain > maxChain {
			s.gapOfObjects(d.where(), "more than "+strconv.Itoa(maxChain)+" deployments bring one another, or more than "+strconv.Itoa(maxFollowed)+" are there: the rest is not followed",
				"look for an Application or Kustomization that brings itself anew, or split the source")
			if n >= maxFollowed {
				return nil
			}
			continue
		}
		s.seen.chain = d.chain + 1
		if err := s.part(s.place.Path, s.deploy(d)); err != nil {
			return err
		}
	}
}

// clusterGap records that it is not known which clusters some Applications are
// for.
func (s *session) clusterGap() {
	names := s.seen.clusterless
	if len(names) == 0 {
		return
	}
	first, last, pattern := names[0], names[0], parity.LiteralPattern(names[0])
	for _, name := range names[1:] {
		for !strings.HasPrefix(name, first) {
			first = first[:len(first)-1]
		}
		for !strings.HasSuffix(name, last) {
			last = last[1:]
		}
		if pattern = parity.LiteralPattern(first) + "*"; len(last) > len(first) {
			pattern = "*" + parity.LiteralPattern(last)
		}
	}
	s.out.Gap(parity.Gap{
		Kind: "Application", Name: pattern, Path: "/spec/destination", Hides: parity.HidesParts,
		Where: s.place.Show(), Reason: "the clusters that these Applications are for are not in the repository",
	})
}

// next takes a deployment that can be built; those that wait come when no other
// one is left.
func (s *session) next() *deployment {
	for len(s.seen.queue) > 0 {
		d := s.seen.queue[0]
		s.seen.queue = s.seen.queue[1:]
		if d.kind != "Kustomization" || s.hasVariables(d.node) {
			return d
		}
		s.seen.waiting = append(s.seen.waiting, d)
	}
	// What builds objects goes before what only takes values from them.
	i := slices.IndexFunc(s.seen.waiting, func(d *deployment) bool { return d.kind == "Kustomization" })
	if i < 0 {
		i = 0
	}
	if len(s.seen.waiting) == 0 {
		return nil
	}
	d := s.seen.waiting[i]
	s.seen.waiting = slices.Delete(s.seen.waiting, i, i+1)
	return d
}

func (s *session) deploy(d *deployment) error {
	switch d.kind {
	case "Kustomization":
		return s.fluxKustomization(d)
	case "HelmRelease":
		return s.helmRelease(d)
	default:
		return s.application(d)
	}
}

// building is what a session is set to while it builds one deployment.
type building struct {
	place      string // the directory that is built
	namespace  string // of objects that name none
	restrictor string // overrides that of the config
	// after changes each object; nil where nothing does. It returns nil for an
	// object that is not known.
	after func(*doc.Node, *parity.Origin) *doc.Node
}

// build runs f while the session is set to b.
func (s *session) build(b building, f func() error) error {
	cfg, place, after := s.cfg, s.reading, s.after
	defer func() {
		s.cfg, s.reading, s.after = cfg, place, after
		s.objects.UseNamespace(cfg.Namespace)
	}()
	s.reading, s.after = b.place, b.after
	s.cfg.Namespace = b.namespace
	s.objects.UseNamespace(b.namespace)
	if b.restrictor != "" {
		s.cfg.LoadRestrictor = b.restrictor
	}
	return f()
}

// once reports whether something is met for the first time.
func (s *session) once(key ...string) bool {
	k := strings.Join(key, "\x00")
	if s.seen.seen[k] {
		return false
	}
	s.seen.seen[k] = true
	return true
}

// top gives the directory that the paths of deployments start from: that of the
// repository that holds the place, else the project's.
func (s *session) top() string {
	if s.place.OnDisk == "" {
		return "."
	}
	for dir := s.place.Path; dir != "."; dir = path.Dir(dir) {
		if _, err := fs.Stat(s.place.FS, path.Join(dir, ".git")); err == nil {
			return dir
		}
	}
	if p, err := s.in.Root.Resolve("."); err == nil && p.OnDisk != "" {
		return p.Path
	}
	return s.place.Path
}

// inRepository returns a path of the repository within the file system.
func (s *session) inRepository(rel string) (string, bool) {
	top := s.top()
	at, ok := within(top, strings.TrimLeft(rel, "/"))
	return at, ok && holds(top, at)
}
