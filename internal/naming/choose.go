package naming

import (
	"slices"
	"strconv"
	"strings"
)

// Detect names the presets of which a metric is there, in their order.
func Detect(there func(metric string) bool) []string {
	var names []string
	for _, p := range Presets() {
		if slices.ContainsFunc(p.Series, func(s Series) bool { return slices.ContainsFunc(s.Metrics(), there) }) {
			names = append(names, p.Name)
		}
	}
	return names
}

// Known is a series with what knows it.
type Known struct {
	Series
	// By is the name of the preset, FormPreset, or empty for parity.yaml.
	By string
	// Group is common to series that see the same requests.
	Group string
	// HTTP is set for requests to routes that were recognised by their form: a
	// service has one kind of them, the first that is there.
	HTTP bool

	depth int
}

// All returns the series that are looked for by name, in the order in which they
// are preferred: those of parity.yaml, then those of its presets, or of all.
// unknown are the names of presets that there are not.
func (c Config) All() (all []Known, unknown []string) {
	for _, s := range c.Series {
		if s.Protocol == "" {
			s.Protocol = "http"
		}
		all = append(all, Known{Series: s})
	}
	presets := Presets()
	for _, name := range c.Presets {
		if name != FormPreset && !slices.ContainsFunc(presets, func(p Preset) bool { return p.Name == name }) {
			unknown = append(unknown, name)
		}
	}
	for _, p := range presets {
		if len(c.Presets) == 0 || slices.Contains(c.Presets, p.Name) {
			for _, s := range p.Series {
				all = append(all, Known{Series: s, By: p.Name, Group: p.Name})
			}
		}
	}
	return all, unknown
}

// Describe says by what a series is known and how it is read, of labels that its
// metric has.
func (k Known) Describe(labels []string) string {
	by := "by parity.yaml"
	switch k.By {
	case "":
	case FormPreset:
		by = "by its form"
	default:
		by = "by the preset " + k.By
	}
	what := "endpoints named by " + items(k.Endpoint, labels)
	if k.Client() {
		what = "calls named by " + items(k.Peer, labels)
	}
	var failed []string
	for _, l := range failedLabels(k.Failed) {
		if slices.Contains(labels, l) {
			failed = append(failed, l)
		}
	}
	if len(failed) == 0 {
		return by + ": " + what + "; does not say which failed"
	}
	return by + ": " + what + "; failed by " + strings.Join(failed, ", ")
}

// items writes the items of a name as far as their labels are there.
func items(list, labels []string) string {
	var out []string
	for _, item := range list {
		if text, ok := strings.CutPrefix(item, "="); ok {
			out = append(out, strconv.Quote(text))
			continue
		}
		there := slices.DeleteFunc(Alternatives(item), func(l string) bool { return !slices.Contains(labels, l) })
		if len(there) > 0 {
			out = append(out, strings.Join(there, " or "))
		}
	}
	if len(out) == 0 {
		return "labels that are not there"
	}
	return strings.Join(out, ", ")
}

// failedLabels are the labels of matchers.
func failedLabels(matchers []string) []string {
	var out []string
	for _, m := range matchers {
		label := m
		if i := strings.IndexAny(m, "=!"); i >= 0 {
			label = strings.TrimSpace(m[:i])
		}
		if !slices.Contains(out, label) {
			out = append(out, label)
		}
	}
	return out
}

// Formed returns the series that are recognised by their form among the metrics
// of a server: those that named, the result of All, does not name. Where a
// series of parity.yaml is about the same requests, it decides alone.
func (c Config) Formed(families []Family, named []Known) []Known {
	if len(c.Presets) > 0 && !slices.Contains(c.Presets, FormPreset) {
		return nil
	}
	var rest []Family
	mapped := map[string]bool{}
	for _, f := range families {
		i := slices.IndexFunc(named, func(k Known) bool { return slices.Contains(k.Metrics(), f.Name) })
		if i < 0 {
			rest = append(rest, f)
		} else if x, ok := formOf(f); ok && named[i].By == "" {
			mapped[x.stem] = true
		}
	}
	return slices.DeleteFunc(ByForm(rest), func(k Known) bool { return mapped[k.Group] })
}

// Metrics are the names under which a series may be there: of a histogram as
// native and as classic one.
func (s Series) Metrics() []string {
	if s.Type == "counter" {
		return []string{s.Metric}
	}
	return []string{s.Metric, s.Metric + "_bucket", s.Metric + "_count"}
}

// Client reports whether it is about calls.
func (s Series) Client() bool { return s.Side == "client" }

// Scale is a second's share of its unit: 0.001 for ms.
func (s Series) Scale() float64 {
	switch s.Unit {
	case "ms":
		return 1e-3
	case "us":
		return 1e-6
	case "ns":
		return 1e-9
	}
	return 1
}

// Alternatives are the labels that one item of a list of labels may mean; none
// where it is a text of its own.
func Alternatives(item string) []string {
	if strings.HasPrefix(item, "=") {
		return nil
	}
	return strings.Split(strings.TrimPrefix(item, "/"), "|")
}

// EndpointName makes an endpoint's name of labels, with identifiers folded. An
// item that begins with = is a text; one that begins with / is joined to the one
// before it by a slash, others by a blank. It is empty where no label is there.
func (s Series) EndpointName(label func(string) string) string {
	var b strings.Builder
	any := len(s.Endpoint) > 0
	for _, item := range s.Endpoint {
		text, literal := strings.CutPrefix(item, "=")
		if !literal {
			any = false
			break
		}
		b.WriteString(text)
	}
	if any {
		return b.String()
	}
	b.Reset()
	for _, item := range s.Endpoint {
		text, literal := strings.CutPrefix(item, "=")
		if !literal {
			if text = First(Alternatives(item), label); text == "" {
				continue
			}
			any = true
		}
		switch {
		case b.Len() == 0:
		case strings.HasPrefix(item, "/"):
			b.WriteByte('/')
		default:
			b.WriteByte(' ')
		}
		b.WriteString(text)
	}
	if !any {
		return ""
	}
	return FoldName(b.String())
}

// PeerName returns what is called. An item that begins with = is a text, for
// where no label before it names anything; then an address names nothing either.
func (s Series) PeerName(label func(string) string) string {
	otherwise := ""
	for _, item := range s.Peer {
		if text, ok := strings.CutPrefix(item, "="); ok {
			otherwise = text
		}
	}
	for _, item := range s.Peer {
		name := First(Alternatives(item), label)
		if name != "" && (otherwise == "" || !isAddress(withoutPort(name))) {
			return FoldName(name)
		}
	}
	return otherwise
}

// First gives the first label that is there.
func First(names []string, label func(string) string) string {
	for _, name := range names {
		if v := label(name); v != "" {
			return v
		}
	}
	return ""
}
