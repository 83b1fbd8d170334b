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
	var all []runs
	for _, text := range wanted {
		name, pattern, scoped, err := contextOf(in, text)
		if err != nil {
			return err
		}
		if !scoped {
			all = append(all, runs{context: name})
			continue
		}
		namespaces, err := kubernetes.Namespaces(ctx, in, name, pattern)
		if err != nil {
			return err
		}
		if len(namespaces) == 0 {
			return &parity.Error{Code: parity.CodeUsage, Where: "--kube " + text, What: "no namespace of the cluster fits"}
		}
		for _, n := range namespaces {
			all = append(all, runs{name, n})
		}
	}
	for _, e := range environmentsOf(all, alone) {
		for _, s := range e.sources() {
			addObserved(plan, e.Named, s, alone)
		}
	}
	return nil
}

// runs is a place in which an environment runs: a context as a whole, or one of
// its namespaces.
type runs struct{ context, namespace string }

func (r runs) name() string { return strings.ToLower(cmp.Or(r.namespace, path.Base(r.context))) }

// running is an environment with the places in which it runs.
type running struct {
	envname.Named
	in []runs
}

// sources are those of an environment, one for each context.
func (e running) sources() []discover.Source {
	var out []discover.Source
	var namespaces [][]string
	for _, r := range e.in {
		i := slices.IndexFunc(out, func(s discover.Source) bool { return s.Keys[0].Text == r.context })
		if i < 0 {
			i = len(out)
			out = append(out, discover.Source{Collector: "kubernetes", Keys: []discover.Key{{Name: "context", Text: r.context}}})
			namespaces = append(namespaces, nil)
		}
		if r.namespace != "" {
			namespaces[i] = append(namespaces[i], r.namespace)
		}
	}
	for i, list := range namespaces {
		if list != nil {
			out[i].Keys = append(out[i].Keys, discover.Key{Name: "namespaces", List: list})
		}
	}
	return out
}

// environmentsOf puts places in environments by the words in their names. A
// context without a word is one by itself, and so is a namespace where no name
// has one; other namespaces are none. With apart, places of which the words tell
// one environment only are each one.
func environmentsOf(all []runs, apart bool) []running {
	var out []running
	add := func(name string, rank int, r runs) {
		i := slices.IndexFunc(out, func(e running) bool { return sameEnvironment(e.Name, name) })
		if i < 0 {
			i = len(out)
			out = append(out, running{Named: envname.Named{Name: name, Rank: rank}})
		}
		out[i].in = append(out[i].in, r)
	}
	worded := slices.ContainsFunc(all, func(r runs) bool { _, _, _, ok := envname.InName(r.name()); return ok })
	for _, r := range all {
		if f, as, _, ok := envname.InName(r.name()); ok {
			add(as, f.Rank, r)
		} else if r.namespace == "" || !worded {
			add(r.name(), envname.UnknownRank, r)
		}
	}
	if len(out) > 1 || !apart || len(all) < 2 {
		return out
	}
	out = nil
	for _, r := range all {
		add(r.name(), envname.UnknownRank, r)
	}
	return out
}

// contextOf takes CONTEXT/NAMESPACE-GLOB apart at the last slash. What is a context
// as it stands, as those of clouds that hold slashes, is one as a whole.
func contextOf(in collector.Input, text string) (name, pattern string, scoped bool, err error) {
	if text == "" || strings.HasSuffix(text, "/") {
		return "", "", false, &parity.Error{Code: parity.CodeUsage, Where: "--kube", What: "names no context", Hint: "write it as CONTEXT or CONTEXT/NAMESPACE-GLOB"}
	}
	whole := kubernetes.Connects(in, text)
	i := strings.LastIndexByte(text, '/')
	if whole == nil || i < 0 {
		return text, "", false, whole
	}
	return text[:i], text[i+1:], true, kubernetes.Connects(in, text[:i])
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
