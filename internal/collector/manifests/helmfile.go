package manifests

import (
	"context"
	"encoding/json"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/helmfile"
)

// Helmfile is what is read of a helmfile.
type Helmfile struct {
	Path, Environment      string
	StateValues            map[string]any
	Variables              map[string]string
	Namespace, KubeVersion string
	APIVersions            []string
}

// Helmfile reads the releases that a helmfile declares for an environment.
func (x *Shared) Helmfile(ctx context.Context, in collector.Input, cfg Helmfile, out collector.Sink) error {
	s, err := x.r.session(ctx, in, Config{Path: cfg.Path, Namespace: cfg.Namespace, KubeVersion: cfg.KubeVersion, APIVersions: cfg.APIVersions}, out)
	if err != nil {
		return err
	}
	if err := s.helmfile(cfg); err != nil {
		return err
	}
	s.objects.Finish(out.Subject)
	return ctx.Err()
}

// helmfile reads a helmfile and renders its releases.
func (s *session) helmfile(cfg Helmfile) error {
	request, err := json.Marshal(helmfileJob{Path: s.place.Path, Environment: cfg.Environment, Values: cfg.StateValues, Variables: cfg.Variables, Limits: s.limits()})
	if err != nil {
		return err
	}
	data, err := s.render(helmfileTask, request, s.answered)
	if err != nil {
		return s.notRendered(s.place.Path, "the helmfile cannot be read", err)
	}
	done, err := decodeHelmfile(data)
	switch {
	case err != nil:
		return s.chartError(s.place.Path, "the helmfile cannot be read: what was made of it is damaged")
	case done.NoEnvironment:
		return &parity.Error{
			Code: parity.CodeConfig, Where: s.place.Show(), What: "the helmfile declares no environment " + cfg.Environment,
			Hint: "set environment to one that it declares",
		}
	case done.Fault != "":
		return &parity.Error{Code: parity.CodeConfig, Where: s.place.Show(), What: "the helmfile cannot be read: " + done.Fault}
	}
	for _, l := range done.State.Lost {
		s.lostOf(l)
	}
	for i := range done.State.Releases {
		r := &done.State.Releases[i]
		if err := s.part(r.File, s.releaseOf(r, cfg)); err != nil {
			return err
		}
	}
	return nil
}

// lostOf records what of a helmfile is not known.
func (s *session) lostOf(l helmfile.Loss) {
	reason := l.Reason
	if l.Release != "" {
		reason = "the release " + l.Release + ": " + reason
	}
	s.out.Gap(parity.Gap{Where: s.place.Display(l.Where), Reason: reason, Hint: l.Hint})
}

// releaseOf renders one release, or compares what it is given where its chart is
// not here.
func (s *session) releaseOf(r *helmfile.Release, cfg Helmfile) error {
	rel := release{
		name: r.Name, namespace: r.Namespace, kubeVersion: s.cfg.KubeVersion, apiVersions: append(r.APIVersions, s.cfg.APIVersions...),
	}
	if rel.namespace == "" {
		rel.namespace = s.cfg.Namespace
	}
	if cfg.KubeVersion == "" && r.KubeVersion != "" {
		rel.kubeVersion = r.KubeVersion
	}
	rel.made = map[int]map[string]any{}
	for i, l := range r.Values {
		rel.files, rel.made[i] = append(rel.files, valuesFile{s.place, l.File}), l.Inline
	}
	for _, set := range r.Set {
		rel.set = append(rel.set, setting{set.Name, set.Value, set.Text})
	}
	if helmfile.Unknown(r.Name + r.Namespace + r.Chart) {
		s.gapOfObjects(s.place.Display(r.File), "the name, the namespace or the chart of a release is not known: what it would add is unknown",
			"give the environment variables that it depends on under variables")
		return nil
	}
	before := s.cfg.Namespace
	defer func() { s.setNamespace(before) }()
	s.setNamespace(rel.namespace)
	if r.Local != "" {
		return s.chart(r.Local, rel)
	}
	return s.remoteRelease(rel, remoteChart{name: r.Chart, repository: r.Repository, version: r.Version, file: r.File})
}
