package compare

import "github.com/envparity/parity"

// format names the format that a kind of subject belongs to. Kubernetes kinds
// begin with a capital letter; other formats' kinds do not.
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
	return "files"
}

// collectorFormats returns the formats that a collector states; known is false
// where its name says nothing.
func collectorFormats(collector string) (formats []string, known bool) {
	switch collector {
	case "kubernetes", "kubernetes-manifests":
		return []string{"kubernetes"}, true
	case "compose", "dotenv", "sbom", "provenance", "oci", "files":
		return []string{collector}, true
	case "terraform":
		return []string{"files"}, true
	case "exec":
		return []string{"kubernetes", "files"}, true
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
