package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/kubernetes"
	"github.com/envparity/parity/internal/collector/prometheus"
	"github.com/envparity/parity/internal/discover"
	"github.com/envparity/parity/internal/envname"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/webapi"
)

// Observe names what runs and is to be asked for the first parity.yaml.
type Observe struct {
	// Prometheus is the address of a server of metrics; empty asks none.
	Prometheus string
	// Kube are contexts of the kubeconfig, each with or without a pattern of
	// namespaces: CONTEXT or CONTEXT/NAMESPACE-GLOB.
	Kube []string
}

// observe adds to a plan what is seen of environments that run. declared is what
// became of looking at the directory: where that declares too few environments,
// those that run make the plan.
func (a *App) observe(ctx context.Context, plan discover.Plan, declared error, o Observe) (discover.Plan, error) {
	if o.Prometheus == "" && len(o.Kube) == 0 {
		return plan, declared
	}
	alone := declared != nil
	if alone {
		plan = discover.Plan{}
	}
	if len(o.Kube) > 0 {
		if err := a.observeKube(ctx, &plan, o.Kube, alone); err != nil {
			return plan, err
		}
	}
	var err error
	switch {
	case o.Prometheus == "":
	case len(plan.Environments) == 0:
		err = a.observeMetrics(ctx, &plan, o.Prometheus)
	default:
		err = a.survey(ctx, &plan, o.Prometheus)
	}
	if err != nil {
		return plan, err
	}
	slices.SortStableFunc(plan.Environments, func(a, b discover.Environment) int { return cmp.Compare(a.Rank, b.Rank) })
	if len(plan.Environments) < 2 {
		return plan, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("there is nothing to compare: %d of two environments found", len(plan.Environments)),
			Hint: "--kube can be given more than once; name what is not found in parity.yaml yourself",
		}
	}
	return plan, nil
}

// observeMetrics makes environments of the values of the label that tells them
// apart.
func (a *App) observeMetrics(ctx context.Context, plan *discover.Plan, at string) error {
	client, err := webapi.New(webapi.Config{URL: at}, a.Lookup, a.Allow, nil)
	if err != nil {
		return err
	}
	defer client.Close()
	label, environments, err := prometheus.Environments(ctx, client, a.Now)
	if err != nil {
		return unanswered(client, err)
	}
	if len(environments) == 0 {
		return &parity.Error{
			Code: parity.CodeUsage, Where: "--prometheus " + client.Host(), What: "no label of its series tells environments apart",
			Hint: "the labels " + strings.Join(prometheus.EnvironmentLabels(), ", ") + " were looked at; add a source prometheus with match to each environment of parity.yaml",
		}
	}
	for _, e := range environments {
		plan.Environments = append(plan.Environments, discover.Environment{
			Name: e.Name, Rank: e.Rank, Sources: []discover.Source{metricsSource(client.Base(), prometheus.Matcher(label, e.Values))},
		})
	}
	plan.Notes = append(plan.Notes, fmt.Sprintf("The label %s of %s tells the environments apart.", label, client.Host()),
		"How requests are recognised is shown by: parity collectors explain "+environments[0].Name)
	return nil
}

func metricsSource(at, match string) discover.Source {
	return discover.Source{Collector: "prometheus", Keys: []discover.Key{{Name: "url", Text: at}, {Name: "match", List: []string{match}}}}
}

// unanswered is the error of a server that did not answer as it should.
func unanswered(client *webapi.Client, err error) error {
	var failure *webapi.Failure
	if errors.As(err, &failure) {
		return &parity.Error{Code: parity.CodeUsage, Where: "--prometheus " + client.Host(), What: failure.What, Hint: failure.Hint, Err: err}
	}
	return err
}

// observeKube makes environments of contexts and namespaces. Where others are
// declared, what is not of them is a note.
func (a *App) observeKube(ctx context.Context, plan *discover.Plan, wanted []string, alone bool) error {
	root := a.here(ctx)
	defer root.Close()
	in := collector.Input{Root: root, Lookup: a.Lookup, Now: a.Now, Allow: a.Allow}
	var whole []string
	for _, text := range wanted {
		name, pattern, scoped := cutContext(text)
		if name == "" || scoped && pattern == "" {
			return &parity.Error{Code: parity.CodeUsage, Where: "--kube " + text, What: "names no context", Hint: "write it as CONTEXT or CONTEXT/NAMESPACE-GLOB"}
		}
		if err := kubernetes.Connects(in, name); err != nil {
			return err
		}
		if !scoped {
			whole = append(whole, name)
			continue
		}
		namespaces, err := kubernetes.Namespaces(ctx, in, name, pattern)
		if err != nil {
			return err
		}
		if len(namespaces) == 0 {
			return &parity.Error{Code: parity.CodeUsage, Where: "--kube " + text, What: "no namespace of the cluster fits"}
		}
		for _, e := range environmentsOf(namespaces) {
			addObserved(plan, e, kubeSource(name, e.Values), alone)
		}
	}
	for _, e := range environmentsOf(whole) {
		for _, name := range e.Values {
			addObserved(plan, e, kubeSource(name, nil), alone)
		}
	}
	return nil
}

// cutContext takes CONTEXT/NAMESPACE-GLOB apart at the last slash, since contexts
// of clouds hold some themselves: a context that ends in what is no name of a
// namespace is one as a whole.
func cutContext(text string) (name, pattern string, scoped bool) {
	i := strings.LastIndexByte(text, '/')
	if i < 0 {
		return text, "", false
	}
	name, pattern = text[:i], text[i+1:]
	if strings.HasPrefix(text, "arn:") && strings.HasSuffix(name, ":cluster") {
		return text, "", false // the name of a cluster of AWS
	}
	return name, pattern, true
}

// environmentsOf puts contexts or namespaces in environments: by the words in
// their names, and each by itself where those tell of fewer than two.
func environmentsOf(names []string) []envname.Named {
	found := envname.Group(names, false)
	named := map[string]bool{}
	for _, e := range found {
		for _, v := range e.Values {
			named[v] = true
		}
	}
	for _, name := range names {
		if named[name] {
			continue
		}
		e := envname.Named{Name: path.Base(strings.ToLower(name)), Rank: 25, Values: []string{name}}
		if f, as, _, ok := envname.InName(name); ok {
			e.Rank = f.Rank
			if len(names) == 1 {
				e.Name = as
			}
		}
		if len(found) == 0 || e.Rank != 25 || len(named) == 0 {
			found = append(found, e)
		}
	}
	return found
}

func kubeSource(name string, namespaces []string) discover.Source {
	s := discover.Source{Collector: "kubernetes", Keys: []discover.Key{{Name: "context", Text: name}}}
	if namespaces != nil {
		s.Keys = append(s.Keys, discover.Key{Name: "namespaces", List: namespaces})
	}
	return s
}

// addObserved adds a source to the environment of a plan that it is of.
func addObserved(plan *discover.Plan, e envname.Named, s discover.Source, alone bool) {
	i := slices.IndexFunc(plan.Environments, func(x discover.Environment) bool { return sameEnvironment(x.Name, e.Name) })
	switch {
	case i >= 0 && len(plan.Environments[i].Instances) > 0:
		plan.Notes = append(plan.Notes, fmt.Sprintf("%s has instances; add a source %s to each.", plan.Environments[i].Name, s.Collector))
	case i >= 0:
		plan.Environments[i].Sources = append(slices.Clip(plan.Environments[i].Sources), s)
	case alone:
		plan.Environments = append(plan.Environments, discover.Environment{Name: e.Name, Rank: e.Rank, Sources: []discover.Source{s}})
	default:
		plan.Notes = append(plan.Notes, e.Name+" runs and nothing here declares it; it was left out.")
	}
}

// sameEnvironment reports whether two names are of one environment.
func sameEnvironment(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	f, okF := envname.Of(strings.ToLower(a))
	g, okG := envname.Of(strings.ToLower(b))
	return okF && okG && f.Name == g.Name
}

// presetsFor are the presets of a first parity.yaml: those that fit, and the form
// for what they do not know.
func presetsFor(found []string) []string {
	if len(found) == 0 {
		return nil
	}
	return append(slices.Clone(found), naming.FormPreset)
}
