package loki

import (
	"testing"
	"time"

	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

// TestConformance plants secrets wherever a server may have some: in lines of
// each form, in metadata, and in values of labels.
func TestConformance(t *testing.T) {
	fill := collectortest.Fill
	end := time.Now().Truncate(time.Second)
	l := component.Loki(t)
	described := spread(end, 300, func(int) string { return fill("the password is %SECRET_WORD% token=%SECRET_BASE64%") })
	for i := range described {
		described[i].Metadata = map[string]string{"user": fill("%SECRET_WORD%"), "level": fill("%SECRET_WORD%")}
	}
	labels := map[string]string{"service_name": "shop", "key": fill("%SECRET_WORD%")}
	l.Push(t,
		component.LogStream{Labels: labels, Lines: described},
		component.LogStream{Labels: labels, Lines: spread(end, 400, func(int) string {
			return fill(`{"level":"%SECRET_WORD%","auth":{"token":"%SECRET_JSON%"},"list":["%SECRET_WORD%"]}`)
		})},
		component.LogStream{Labels: labels, Lines: spread(end, 300, func(int) string { return fill(`level=info password="%SECRET_WORD%" url=https://u:%SECRET_URL%@h/`) })},
	)
	config := func(change func(*Config)) *Config {
		c := &Config{Config: webapi.Config{URL: l.URL.String()}}
		change(c)
		return c
	}
	collectortest.Run(t, collectortest.Case{
		Name: "loki", Collector: New(), NoFiles: true, Now: end,
		Config: config(func(*Config) {}),
		Facts: []string{
			"/format", "/labels[=key]", "/levels[=info]", "/fields[=auth.token]", "/fields[=list]", "/fields[=password]", "/metadata[=user]", "/lines", "/streams",
		},
		Broken: []collectortest.Broken{
			{Name: "refused", Config: config(func(c *Config) { c.URL = "http://127.0.0.1:1" }), Reason: "refuses the connection"},
			{Name: "no such address", Config: config(func(c *Config) { c.URL += "/prefix" }), Reason: "(404)"},
			{Name: "matcher", Config: config(func(c *Config) { c.Match = []string{"env"} }), Reason: "not a matcher"},
			{Name: "window", Config: config(func(c *Config) { c.Window = "soon" }), Reason: "the window is not a time"},
			{Name: "url", Config: config(func(c *Config) { c.URL = "loki" }), Reason: "the url is not one"},
			{Name: "nothing fits", Config: config(func(c *Config) { c.Match = []string{`env="nowhere"`} }), Reason: "knows no stream that fits"},
		},
	})
}
