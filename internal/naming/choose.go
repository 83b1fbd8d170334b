package naming

import (
	"slices"
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

// All gives the series that are looked for, in the order in which they are
// preferred: those of parity.yaml, then those of its presets, or of all. unknown
// are the names of presets that there are not.
func (c Config) All() (all []Series, unknown []string) {
	all = slices.Clone(c.Series)
	for i := range all {
		if all[i].Protocol == "" {
			all[i].Protocol = "http"
		}
	}
	known := Presets()
	for _, name := range c.Presets {
		if !slices.ContainsFunc(known, func(p Preset) bool { return p.Name == name }) {
			unknown = append(unknown, name)
		}
	}
	for _, p := range known {
		if len(c.Presets) == 0 || slices.Contains(c.Presets, p.Name) {
			all = append(all, p.Series...)
		}
	}
	return all, unknown
}

// Metrics are the names under which a series may be there: of a histogram as
// native and as classic one.
func (s Series) Metrics() []string {
	if s.Type == "counter" {
		return []string{s.Metric}
	}
	return []string{s.Metric, s.Metric + "_bucket", s.Metric + "_count"}
}

// Client tells whether it is about calls.
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

// PeerName gives what is called.
func (s Series) PeerName(label func(string) string) string {
	for _, item := range s.Peer {
		if name := First(Alternatives(item), label); name != "" {
			return FoldName(name)
		}
	}
	return ""
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
