package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// formatOf names the format that a subject was stated in: as the subject says, or
// else by its kind.
func formatOf(s *parity.Subject) string {
	if s.Format != "" {
		return s.Format
	}
	return format(s.Kind)
}

// formatsOf are the formats that a subject may have been stated in. Snapshots of
// earlier versions do not say which resources are Terraform's; their types have
// the provider's name in front.
func formatsOf(s *parity.Subject) []string {
	f := formatOf(s)
	if f == filesFormat && strings.Contains(s.Kind, "_") {
		return []string{f, terraformFormat}
	}
	return []string{f}
}

// states reports whether a column has subjects of a format that the subject may
// have been stated in.
func (c *column) states(s *parity.Subject) bool {
	return slices.ContainsFunc(formatsOf(s), func(f string) bool { return c.formats[f] })
}

const (
	filesFormat     = "files"
	terraformFormat = "terraform"
)

// format names the format that a kind of subject belongs to, where the subject
// says nothing. Kubernetes kinds begin with a capital letter; other formats' kinds
// do not.
func format(kind string) string {
	if kind != "" && kind[0] >= 'A' && kind[0] <= 'Z' {
		return "kubernetes"
	}
	if f := parity.TelemetryFormat(kind); f != "" {
		return f
	}
	switch kind {
	case "service", "network", "volume", "config", "secret":
		return "compose"
	case "environment":
		return "dotenv"
	case "software":
		return "sbom"
	case "artifact":
		return "provenance"
	case parity.ImageSubject:
		return "oci"
	}
	return filesFormat
}

// noteCollectors notes the formats of collectors that read what is declared, whole
// and in one format.
func (c *column) noteCollectors(names []string) {
	for _, name := range names {
		switch name {
		case "kubernetes-manifests", "compose", "dotenv", terraformFormat:
			formats, _ := collectorFormats(name)
			for _, f := range formats {
				c.formats[f] = true
			}
		}
	}
}

// collectorFormats returns the formats that a collector states; known is false
// where its name says nothing.
func collectorFormats(collector string) (formats []string, known bool) {
	switch collector {
	case "kubernetes", "kubernetes-manifests":
		return []string{"kubernetes"}, true
	case "compose", "dotenv", "sbom", "provenance", "oci", filesFormat, terraformFormat:
		return []string{collector}, true
	case "exec":
		return []string{"kubernetes", filesFormat}, true
	case "prometheus":
		return []string{"metrics", "rules", "behaviour"}, true
	case "otlp":
		return []string{"metrics", "logs", "traces", "behaviour"}, true
	case "traces":
		return []string{"traces", "behaviour"}, true
	case "loki":
		return []string{"logs"}, true
	case "alerting":
		return []string{"rules", "alerting", "alertmanager"}, true
	}
	return nil, false
}
