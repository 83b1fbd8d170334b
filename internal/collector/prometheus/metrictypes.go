package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/webapi"
)

const (
	targetMetadataPath = "/api/v1/targets/metadata"
	// maxTorn bounds the metrics that are asked for one by one, because
	// targets say different types of them.
	maxTorn = 100
)

// readMetadata asks for types and units.
func (m *metricSet) readMetadata(ctx context.Context) {
	m.metadata = map[string]kindOf{}
	wanted := make(map[string]bool, len(m.names))
	for _, n := range m.names {
		wanted[n] = true
		wanted[cutSuffixes(n, "_bucket", "_count", "_sum", "_total", "_created")] = true
	}
	_, err := m.s.Get(ctx, metadataPath, nil, func(d *json.Decoder) error {
		return webapi.EachField(d, func(name string) error {
			if !wanted[name] {
				return webapi.SkipValue(d)
			}
			var k kindOf
			err := webapi.EachItem(d, func() error {
				var e struct {
					Type string `json:"type"`
					Unit string `json:"unit"`
				}
				err := d.Decode(&e)
				k.torn = k.torn || k.kind != "" && e.Type != k.kind
				k.kind, k.unit = e.Type, cmp.Or(k.unit, e.Unit)
				return err
			})
			m.metadata[name] = k
			return err
		})
	})
	if err != nil && ctx.Err() == nil {
		m.metadata = map[string]kindOf{}
		for _, path := range []string{"/type", "/unit"} {
			m.s.missing(parity.Gap{Kind: parity.MetricKind, Path: path}, metadataPath, err)
		}
	}
}

// readTorn asks which job says which type of the metrics on which targets
// differ. What is not answered stays torn.
func (m *metricSet) readTorn(ctx context.Context) {
	m.byJob = map[string]map[string]string{}
	for _, name := range m.names {
		base := m.families[name].base
		if !m.metadata[base].torn || m.byJob[base] != nil || len(m.byJob) >= maxTorn {
			continue
		}
		types := map[string]string{}
		m.byJob[base] = types
		_, err := m.s.Get(ctx, targetMetadataPath, url.Values{"metric": {base}}, func(d *json.Decoder) error {
			return webapi.EachItem(d, func() error {
				var e struct {
					Target map[string]string `json:"target"`
					Type   string            `json:"type"`
				}
				if err := d.Decode(&e); err != nil {
					return err
				}
				job := e.Target["job"]
				if t, ok := types[job]; ok && t != e.Type {
					e.Type = tornType
				}
				types[job] = e.Type
				return nil
			})
		})
		if err != nil {
			clear(types)
		}
	}
}

// tornType stands for a type on which the targets of one job differ.
const tornType = "torn"

// typeFor gives the type of one service's metric.
func (m *metricSet) typeFor(one *metric) kindOf {
	kind := typeOf(one.name, one.parts, m.metadata)
	if kind.kind == "" && m.s.recorded[one.name] {
		kind.kind = "recorded"
	}
	if !kind.torn {
		return kind
	}
	agreed := ""
	for _, job := range one.jobs {
		t := m.byJob[one.name][job]
		if t == "" || t == tornType || agreed != "" && t != agreed {
			return kind
		}
		agreed = t
	}
	if agreed != "" {
		kind.kind, kind.torn = agreed, false
	}
	return kind
}

func cutSuffixes(s string, suffixes ...string) string {
	for _, suffix := range suffixes {
		if len(s) > len(suffix) && s[len(s)-len(suffix):] == suffix {
			return s[:len(s)-len(suffix)]
		}
	}
	return s
}
