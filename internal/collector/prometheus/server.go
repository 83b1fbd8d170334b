package prometheus

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/promrule"
	"github.com/envparity/parity/internal/value"
	"github.com/envparity/parity/internal/webapi"
)

// serverName is the subject of the server's own settings. A column has one
// server of metrics in most cases, and its host says nothing.
const serverName = "metrics"

// settingsBytes bounds the part of the server's configuration that is parsed.
const settingsBytes = 1 << 20

// server reads the settings of the server itself.
func (s *structure) server(ctx context.Context) {
	var facts []parity.Fact
	for _, q := range []struct {
		path string
		// told are the paths of the facts that the question tells of.
		told []string
		read func(*json.Decoder, *parity.Origin) ([]parity.Fact, error)
	}{
		{"/api/v1/status/buildinfo", []string{"/version", "/product"}, readBuild},
		{"/api/v1/status/runtimeinfo", []string{"/retention", "/configuration"}, readRuntime},
		{"/api/v1/status/flags", []string{"/flags/"}, readFlags},
		{"/api/v1/status/config", []string{"/scrapeInterval", "/scrapeTimeout", "/evaluationInterval", "/externalLabels["}, s.readGlobal},
		{"/api/v1/alertmanagers", []string{"/alertmanagers"}, readAlertmanagers},
	} {
		o := s.origin(q.path)
		var found []parity.Fact
		_, err := s.Get(ctx, q.path, nil, func(d *json.Decoder) (err error) {
			found, err = q.read(d, o)
			return err
		})
		if ctx.Err() != nil {
			return
		}
		for _, path := range q.told {
			if err != nil {
				s.missing(parity.Gap{Kind: parity.MetricsServerKind, Path: path}, q.path, err)
			} else if !slices.ContainsFunc(found, func(f parity.Fact) bool { return strings.HasPrefix(f.Path, path) }) && !slices.Contains(optional, path) {
				s.out.Gap(parity.Gap{Kind: parity.MetricsServerKind, Path: path, Reason: s.Client.Host() + " does not say it", Where: s.Client.Base() + q.path})
			}
		}
		facts = append(facts, found...)
	}
	facts = append(facts, s.ruleFacts()...)
	if len(facts) == 0 {
		s.out.Gap(parity.Gap{Kind: parity.MetricsServerKind, Reason: s.Client.Host() + " tells nothing of its own settings", Where: s.Client.Base() + "/api/v1/status"})
		return
	}
	s.out.Subject(parity.Subject{Key: parity.Key{Kind: parity.MetricsServerKind, Name: serverName}, Origin: s.origin("")}, facts)
}

// optional are the paths of which a server may have none: it need not name its
// product, or set a flag or a label.
var optional = []string{"/product", "/flags/", "/externalLabels["}

// ruleFacts say whether there are rules at all. A server without any has no
// subject that could be missing.
func (s *structure) ruleFacts() []parity.Fact {
	var facts []parity.Fact
	for _, kind := range []string{parity.AlertKind, parity.RecordingKind} {
		path := "/" + kind + "s"
		if s.ruleKinds == nil {
			s.out.Gap(parity.Gap{Kind: parity.MetricsServerKind, Path: path, Reason: s.Client.Host() + " does not tell its rules", Where: s.Client.Base() + rulesPath})
			continue
		}
		facts = append(facts, fact(s.origin(rulesPath), path, presence(s.ruleKinds[kind])))
	}
	return facts
}

func presence(there bool) parity.Value {
	if there {
		return text("present")
	}
	return text("none")
}

func readBuild(d *json.Decoder, o *parity.Origin) ([]parity.Fact, error) {
	var info struct {
		Version     string `json:"version"`
		Application string `json:"application"`
	}
	if err := d.Decode(&info); err != nil {
		return nil, err
	}
	var facts []parity.Fact
	if info.Version != "" {
		v := parity.Value{Kind: parity.Version, Raw: info.Version}
		if canon, ok := value.Version(info.Version); ok {
			v.Canon = canon
		}
		facts = append(facts, fact(o, "/version", v, parity.VersionForm))
	}
	if info.Application != "" {
		facts = append(facts, fact(o, "/product", text(info.Application)))
	}
	return facts, nil
}

func readRuntime(d *json.Decoder, o *parity.Origin) ([]parity.Fact, error) {
	var info struct {
		Retention string `json:"storageRetention"`
		Reloaded  *bool  `json:"reloadConfigSuccess"`
	}
	if err := d.Decode(&info); err != nil {
		return nil, err
	}
	var facts []parity.Fact
	if info.Retention != "" {
		facts = append(facts, fact(o, "/retention", promrule.ParseDuration(info.Retention)))
	}
	if info.Reloaded != nil {
		state := "not loaded"
		if *info.Reloaded {
			state = "loaded"
		}
		facts = append(facts, fact(o, "/configuration", text(state)))
	}
	return facts, nil
}

// lookedAt are the flags that change what a server keeps or answers. The others
// are addresses and paths, or have no effect on either.
var lookedAt = []string{
	"query.lookback-delta", "query.max-concurrency", "query.max-samples", "query.timeout",
	"storage.tsdb.retention.size", "storage.tsdb.retention.time", "web.enable-admin-api", "web.enable-lifecycle",
	"web.enable-remote-write-receiver",
}

func readFlags(d *json.Decoder, o *parity.Origin) ([]parity.Fact, error) {
	var facts []parity.Fact
	err := webapi.EachField(d, func(name string) error {
		if name != "enable-feature" && !slices.Contains(lookedAt, name) {
			return webapi.SkipValue(d)
		}
		var v string
		if err := d.Decode(&v); err != nil {
			return err
		}
		if name != "enable-feature" {
			facts = append(facts, guessed(o, "/flags/"+name, v))
			return nil
		}
		for feature := range strings.SplitSeq(v, ",") {
			if feature = strings.TrimSpace(feature); feature != "" {
				facts = append(facts, member(o, "/flags/enable-feature[=", feature))
			}
		}
		return nil
	})
	return facts, err
}

// readGlobal reads the section global of the server's configuration, and
// nothing else of it.
func (s *structure) readGlobal(d *json.Decoder, o *parity.Origin) ([]parity.Fact, error) {
	var answer struct {
		YAML string `json:"yaml"`
	}
	if err := d.Decode(&answer); err != nil {
		return nil, err
	}
	var facts []parity.Fact
	limits := doc.Limits{Bytes: settingsBytes}
	err := doc.ParseYAML(strings.NewReader(section(answer.YAML, "global")), limits, func(root *doc.Node, _ int) error {
		global := root.Get("global")
		for key, path := range map[string]string{"scrape_interval": "/scrapeInterval", "scrape_timeout": "/scrapeTimeout", "evaluation_interval": "/evaluationInterval"} {
			if n := global.Get(key); n != nil {
				facts = append(facts, fact(o, path, promrule.ParseDuration(n.Text), parity.DurationForm))
			}
		}
		if labels := global.Get("external_labels"); labels != nil {
			for i := range labels.Fields {
				s.external = append(s.external, labels.Fields[i].Key)
				facts = append(facts, member(o, "/externalLabels[=", labels.Fields[i].Key))
			}
		}
		return nil
	})
	return facts, err
}

// section cuts one key of the highest level out of a text of YAML in block
// style, so that what else it holds, credentials too, is never looked at.
func section(yaml, key string) string {
	var b strings.Builder
	within := false
	for line := range strings.Lines(yaml) {
		if c := line[0]; c != ' ' && c != '\n' && c != '\r' && c != '#' {
			within = strings.HasPrefix(line, key+":")
		}
		if within {
			b.WriteString(line)
		}
	}
	return b.String()
}

func readAlertmanagers(d *json.Decoder, o *parity.Origin) ([]parity.Fact, error) {
	active := 0
	err := webapi.EachField(d, func(key string) error {
		if key != "activeAlertmanagers" {
			return webapi.SkipValue(d)
		}
		return webapi.EachItem(d, func() error { active++; return webapi.SkipValue(d) })
	})
	return []parity.Fact{fact(o, "/alertmanagers", presence(active > 0))}, err
}

// sortedKeys gives the keys of a set in order.
func sortedKeys(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
