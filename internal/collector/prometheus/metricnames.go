package prometheus

import (
	"slices"
	"strings"
)

// kindOf is what the server's metadata say of a metric.
type kindOf struct {
	kind, unit string
	// torn is set where targets say different things.
	torn bool
}

// family is what a series' name is a part of.
type family struct {
	base string
	part part
}

// part is which part of a metric a name stands for.
type part uint8

const (
	plainPart part = 1 << iota
	bucketPart
	sumPart
	countPart
	createdPart
)

// families folds the parts of histograms and summaries to their metrics, by
// what the metadata say, and where they say nothing by which names there are
// beside each other.
func families(names []string, metadata map[string]kindOf) map[string]family {
	there := make(map[string]bool, len(names))
	for _, n := range names {
		there[n] = true
	}
	found := make(map[string]family, len(names))
	for _, n := range names {
		found[n] = familyOf(n, there, metadata)
	}
	return found
}

func familyOf(name string, there map[string]bool, metadata map[string]kindOf) family {
	itself := family{name, plainPart}
	if metadata[name].kind != "" && metadata[name].kind != "unknown" {
		return itself
	}
	if base, ok := strings.CutSuffix(name, "_bucket"); ok {
		if k := metadata[base].kind; k == "histogram" || k == "gaugehistogram" || k == "" && there[base+"_count"] {
			return family{base, bucketPart}
		}
		return itself
	}
	for suffix, p := range map[string]part{"_sum": sumPart, "_count": countPart} {
		base, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		k := metadata[base].kind
		if k == "histogram" || k == "gaugehistogram" || k == "summary" ||
			k == "" && (there[base+"_bucket"] || there[base+"_sum"] && there[base+"_count"]) {
			return family{base, p}
		}
	}
	if base, ok := strings.CutSuffix(name, "_created"); ok {
		for _, of := range []string{"", "_total", "_count"} {
			if there[base+of] {
				return family{strings.TrimSuffix(base+of, "_count"), createdPart}
			}
		}
	}
	return itself
}

// typeOf gives a metric's type, empty where nothing says it.
func typeOf(base string, parts part, metadata map[string]kindOf) (kind kindOf) {
	kind = metadata[base]
	if kind.kind == "" {
		// Exposition by OpenMetrics names the family without the suffix.
		kind = metadata[strings.TrimSuffix(base, "_total")]
	}
	switch {
	case kind.kind == "unknown":
		kind.kind = ""
	case kind.kind == "" && parts&bucketPart != 0 && parts&countPart != 0:
		kind.kind = "histogram"
	}
	return kind
}

// synthetic are series that the server makes itself: they follow from targets
// and from rules, which are subjects themselves.
func synthetic(name string) bool {
	switch name {
	case "up", "ALERTS", "ALERTS_FOR_STATE":
		return true
	}
	return strings.HasPrefix(name, "scrape_")
}

// placeLabels say where something runs, or which server tells it; they differ
// between any two environments and say nothing about the metric.
var placeLabels = []string{
	"cluster", "container", "container_id", "exported_instance", "exported_job", "exported_namespace", "exported_pod",
	"host_name", "instance", "job", "k8s_cluster_name", "k8s_container_name", "k8s_namespace_name", "k8s_node_name",
	"k8s_pod_name", "k8s_pod_uid", "le", "namespace", "node", "pod", "pod_template_hash", "prometheus",
	"prometheus_replica", "receive", "replica", "service_instance_id", "tenant_id", "uid",
}

func placeLabel(name string) bool {
	_, found := slices.BinarySearch(placeLabels, name)
	return found
}
