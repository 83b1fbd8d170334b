// Package manifests collects Kubernetes objects from what declares them:
// YAML and JSON files, kustomizations and Helm charts, rendered in process,
// and the values that Argo CD and Flux objects carry.
package manifests

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kube"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/render"
)

// Config is the configuration of one kubernetes-manifests source.
type Config struct {
	Path               string         `yaml:"path" each:"true" doc:"File or directory of manifests, a kustomization, or a Helm chart; may be git:REV:path, or a pattern (*, ?, [ab], {a,b}, **): then it is one source for each match, and a * in another key stands for what that of path stands for. A match is left out where a values file named so is not there. If left out, values alone are compared."`
	Values             []string       `yaml:"values" doc:"Helm: values files in order, later ones win; of a directory those in it by name."`
	ValuesInline       map[string]any `yaml:"valuesInline" doc:"Helm: values over those of the files."`
	Release            string         `yaml:"release" doc:"Helm: name of the release; the chart's name if left out."`
	Namespace          string         `yaml:"namespace" doc:"Namespace of objects that name none, and of the Helm release."`
	KubeVersion        string         `yaml:"kubeVersion" number:"text" doc:"Helm: the Kubernetes version that the chart is told, such as 1.34; that of rules.kubernetes if left out."`
	APIVersions        []string       `yaml:"apiVersions" doc:"Helm: further API versions that the chart is told of, such as monitoring.coreos.com/v1."`
	Recurse            *bool          `yaml:"recurse" doc:"Whether the directories below a directory of manifests are read too; true if left out."`
	LoadRestrictor     string         `yaml:"loadRestrictor" enum:"rootOnly,none" doc:"kustomize: rootOnly lets a kustomization read files below itself only; none lets it read any of the repository. If left out it is none where a Kustomization of Flux in the repository builds the path, since Flux does so, else rootOnly."`
	Follow             bool           `yaml:"follow" doc:"Whether what Kustomizations and HelmReleases of Flux and Applications and ApplicationSets of Argo CD bring from this repository is built too, as these build it."`
	FollowApplications bool           `yaml:"followApplications" doc:"As follow, for Argo CD alone."`
	Applications       Selection      `yaml:"applications" doc:"Which Applications of Argo CD are followed, of those that the path declares or that its ApplicationSets make; the others are left out. One file can so serve several environments."`
}

// Selection says which Applications are this environment's. What is left out
// selects all. Patterns may hold * and ?.
type Selection struct {
	Name      string `yaml:"name" doc:"Pattern of its name, such as *-staging."`
	Cluster   string `yaml:"cluster" doc:"Pattern of the name or the URL of the cluster that it is for."`
	Namespace string `yaml:"namespace" doc:"Pattern of the namespace that it is for."`
	Path      string `yaml:"path" doc:"Pattern of the path of one of its sources, or of one of its values files, such as envs/staging/*."`
	Project   string `yaml:"project" doc:"Pattern of its project."`
}

// New gives the collector.
func New() collector.Collector { return newManifests(newShared()) }

// Shared is what the collectors of one run know together of a repository.
type Shared struct{ r *renderers }

// NewShared makes what collectors share.
func NewShared() *Shared { return &Shared{newShared()} }

// Collector gives the collector of manifests.
func (x *Shared) Collector() collector.Collector { return newManifests(x.r) }

func newManifests(r *renderers) collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "kubernetes-manifests",
		Summary:   "Kubernetes objects from manifests, kustomizations and Helm charts, rendered in process.",
		Doc:       manifestDoc,
		FilesOnly: true,
		Role:      parity.Desired,
		Format:    kube.Format,
		Kinds:     append(kube.Kinds(), chartKinds()...),
		Complete:  true,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery,
			parity.Security, parity.Incident,
		},
		Detect:   detect,
		FromPath: func(p string) any { return &Config{Path: p} },
	}, r.collect)
}

func newShared() *renderers { return &renderers{inProcess: render.InProcess(Tasks())} }

// renderers is what the sources of one collector share.
type renderers struct {
	// inProcess renders where the input brings no renderer.
	inProcess    render.Renderer
	repositories repositories
}

// session is the reading of one source.
type session struct {
	ctx   context.Context
	in    collector.Input
	cfg   Config
	out   collector.Sink
	place place.Place
	// objects takes what was read.
	objects *kube.Reader
	shared  *renderers
	// seen is what is known of the deployments that were met.
	seen followed
	// reading is the directory that is built; empty where that is the place.
	reading string
	// after changes each object of a deployment; nil where nothing does.
	after func(*doc.Node, *parity.Origin) *doc.Node
	// stopped counts the renderings that met a bound.
	stopped int
	// held counts the facts that objects holds.
	held *collector.Held
}

// session begins the reading of a source.
func (r *renderers) session(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) (*session, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	at := cfg.Path
	if at == "" {
		at = "."
	}
	p, err := in.Root.Resolve(at)
	if err != nil {
		return nil, err
	}
	if cfg.Namespace == "" {
		cfg.Namespace = in.Namespace
	}
	if cfg.KubeVersion == "" {
		cfg.KubeVersion = in.Kubernetes
	}
	s := &session{ctx: ctx, in: in, cfg: cfg, out: out, place: p, shared: r, held: collector.NewHeld(in.Limits)}
	s.seen.seen, s.seen.known, s.seen.urls = map[string]bool{}, map[string]*doc.Node{}, map[string]int{}
	s.objects = kube.NewReader(kube.Options{
		Namespace: cfg.Namespace, Kubernetes: in.Kubernetes, Live: in.Column.Role == parity.Live, Added: s.held.Add,
	})
	return s, nil
}

func (r *renderers) collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	s, err := r.session(ctx, in, cfg, out)
	if err != nil {
		return err
	}
	if cfg.Path == "" {
		return s.valuesAlone()
	}
	if err := s.read(s.place.Path); err != nil {
		return err
	}
	if s.follows() {
		if err := s.follow(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.objects.Finish(out.Subject)
	return nil
}

// read reads the place as what it is.
func (s *session) read(at string) error {
	switch formOf(s.place.FS, at) {
	case kustomization:
		return s.kustomization(kustomizationDir(s.place.FS, at))
	case chartForm:
		rel, err := s.release()
		if err != nil {
			return err
		}
		return s.chart(at, rel)
	case missing:
		return &parity.Error{Code: parity.CodeConfig, Where: s.place.Display(at), What: "there is no such file or directory", Err: fs.ErrNotExist}
	case directory:
		return s.tree(at)
	default:
		return s.file(at)
	}
}

// setNamespace changes the namespace of objects that name none.
func (s *session) setNamespace(namespace string) {
	s.cfg.Namespace = namespace
	s.objects.UseNamespace(namespace)
}

// add hands an object over, after the values that it carries as text were
// taken apart.
func (s *session) add(obj *doc.Node, origin *parity.Origin) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if obj.Get("kind").Str() == "List" {
		if items := obj.Get("items"); items != nil && items.Kind == doc.List {
			for _, item := range items.Items {
				if isObject(item) {
					if err := s.add(item, origin); err != nil {
						return err
					}
				}
			}
			return nil
		}
	}
	if s.after != nil {
		if obj = s.after(obj, origin); obj == nil {
			return s.ctx.Err()
		}
	}
	if s.follows() {
		if wanted, err := s.met(obj, origin); !wanted || err != nil {
			return err
		}
	}
	expandValues(obj, s.limits())
	s.objects.Add(obj, origin)
	return s.bound()
}

// met notes an object that may bring others, and reports whether it is to be
// read itself.
func (s *session) met(obj *doc.Node, origin *parity.Origin) (bool, error) {
	if s.followsArgo() && strings.HasPrefix(obj.Get("apiVersion").Str(), "argoproj.io/") {
		switch obj.Get("kind").Str() {
		case "Application":
			if !s.seen.inner && !s.cfg.Applications.selects(obj) {
				return false, nil
			}
		case "ApplicationSet":
			if err := s.applicationSet(obj, origin); err != nil {
				return false, err
			}
			return s.seen.inner || !s.cfg.Applications.set(), nil
		}
	}
	s.note(obj, origin)
	return true, nil
}

// bound hands over all that is held where it is more than may be.
func (s *session) bound() error {
	if !s.held.Full() {
		return nil
	}
	s.objects.Finish(s.out.Subject)
	return s.ctx.Err()
}

func (s *session) limits() doc.Limits {
	return doc.Limits{Nodes: s.in.Limits.Nodes, Depth: s.in.Limits.Depth, Bytes: s.in.Limits.FileBytes}
}

// gap records what could not be read at the place.
func (s *session) gap(where, reason, hint string) {
	s.out.Gap(parity.Gap{Reason: reason, Where: where, Hint: hint})
}

// gapOfObjects records that whole objects may be declared at the place that
// could not be read.
func (s *session) gapOfObjects(where, reason, hint string) {
	s.out.Gap(s.objectsGap(where, reason, hint))
}

// objectsGap is a gap over whole objects that the source would declare.
func (s *session) objectsGap(where, reason, hint string) parity.Gap {
	return parity.Gap{Reason: reason, Where: where, Hint: hint, Hides: parity.HidesObjects, Place: s.place.Display(s.placeNow())}
}

// placeNow is the directory or file that is read: that of the source, or the one
// that a deployment of it builds.
func (s *session) placeNow() string {
	if s.reading != "" {
		return s.reading
	}
	return s.place.Path
}

// isObject reports whether a document is a Kubernetes object.
func isObject(n *doc.Node) bool {
	v, k := n.Get("apiVersion"), n.Get("kind")
	return v != nil && k != nil && v.Kind == doc.String && v.Text != "" && k.Kind == doc.String && k.Text != ""
}

// whereOf gives the place of a parser's error, and what is wrong there in
// words of our own.
func whereOf(err error, display string) (where, what string) {
	var e *doc.Error
	if errors.As(err, &e) {
		return e.In(display), e.What
	}
	if r := place.Refused(err); r != nil {
		return r.Path, r.What
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return display, pe.Err.Error()
	}
	return display, "it cannot be read"
}

// within joins a relative path to a directory of the file system; ok is false
// where it leaves the file system.
func within(dir, rel string) (joined string, ok bool) {
	if strings.HasPrefix(rel, "/") {
		joined = path.Clean(rel)[1:]
		if joined == "" {
			joined = "."
		}
	} else {
		joined = path.Join(dir, rel)
	}
	return joined, fs.ValidPath(joined)
}
