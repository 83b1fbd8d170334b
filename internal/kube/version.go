package kube

import "strings"

// conversions maps a group and version to the one that took its place, where
// the two hold the same object. A kind before the slash limits the row to it.
var conversions = map[string]string{
	"autoscaling/v1":                       "autoscaling/v2",
	"autoscaling/v2beta1":                  "autoscaling/v2",
	"autoscaling/v2beta2":                  "autoscaling/v2",
	"apps/v1beta1":                         "apps/v1",
	"apps/v1beta2":                         "apps/v1",
	"batch/v1beta1":                        "batch/v1",
	"batch/v2alpha1":                       "batch/v1",
	"policy/v1beta1":                       "policy/v1",
	"networking.k8s.io/v1beta1":            "networking.k8s.io/v1",
	"rbac.authorization.k8s.io/v1beta1":    "rbac.authorization.k8s.io/v1",
	"rbac.authorization.k8s.io/v1alpha1":   "rbac.authorization.k8s.io/v1",
	"storage.k8s.io/v1beta1":               "storage.k8s.io/v1",
	"scheduling.k8s.io/v1beta1":            "scheduling.k8s.io/v1",
	"coordination.k8s.io/v1beta1":          "coordination.k8s.io/v1",
	"discovery.k8s.io/v1beta1":             "discovery.k8s.io/v1",
	"node.k8s.io/v1beta1":                  "node.k8s.io/v1",
	"admissionregistration.k8s.io/v1beta1": "admissionregistration.k8s.io/v1",
	"apiregistration.k8s.io/v1beta1":       "apiregistration.k8s.io/v1",
	"gateway.networking.k8s.io/v1beta1":    "gateway.networking.k8s.io/v1",
	"external-secrets.io/v1beta1":          "external-secrets.io/v1",
	"Deployment/extensions/v1beta1":        "apps/v1",
	"DaemonSet/extensions/v1beta1":         "apps/v1",
	"ReplicaSet/extensions/v1beta1":        "apps/v1",
	"Ingress/extensions/v1beta1":           "networking.k8s.io/v1",
	"NetworkPolicy/extensions/v1beta1":     "networking.k8s.io/v1",
	"PodSecurityPolicy/extensions/v1beta1": "policy/v1beta1",
	"PodSecurityPolicy/policy/v1beta1":     "policy/v1beta1",
}

// canonicalVersion gives group and version in the form that facts use.
func canonicalVersion(kind, apiVersion string) (group, version string) {
	if to, ok := conversions[kind+"/"+apiVersion]; ok {
		apiVersion = to
	} else if to, ok := conversions[apiVersion]; ok {
		apiVersion = to
	}
	group, version, ok := strings.Cut(apiVersion, "/")
	if !ok {
		return "", apiVersion
	}
	return group, version
}

// minorOf reads "1.34" or "v1.34.2"; the newest where it cannot.
func minorOf(s string) int {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(s, "v"), "1.")
	minor := 0
	for i := 0; ok && i < len(rest) && rest[i] >= '0' && rest[i] <= '9' && minor < 1000; i++ {
		minor = minor*10 + int(rest[i]-'0')
	}
	if minor == 0 {
		return newestMinor
	}
	return minor
}

const newestMinor = 37
