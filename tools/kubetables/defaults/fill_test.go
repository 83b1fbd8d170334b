package main

import (
	"math/rand"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// pools are the texts that a type or a field is filled with.
var pools = map[string][]string{
	"ServiceType":                   {"", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName"},
	"ServiceAffinity":               {"", "None", "ClientIP"},
	"ServiceExternalTrafficPolicy":  {"", "Cluster", "Local"},
	"ServiceInternalTrafficPolicy":  {"Cluster", "Local"},
	"Protocol":                      {"", "TCP", "UDP"},
	"PullPolicy":                    {"", "Always", "IfNotPresent", "Never"},
	"RestartPolicy":                 {"", "Always", "OnFailure", "Never"},
	"DNSPolicy":                     {"", "ClusterFirst", "Default"},
	"URIScheme":                     {"", "HTTP", "HTTPS"},
	"TerminationMessagePolicy":      {"", "File", "FallbackToLogsOnError"},
	"DeploymentStrategyType":        {"", "RollingUpdate", "Recreate"},
	"DaemonSetUpdateStrategyType":   {"", "RollingUpdate", "OnDelete"},
	"StatefulSetUpdateStrategyType": {"", "RollingUpdate", "OnDelete"},
	"PodManagementPolicyType":       {"", "OrderedReady", "Parallel"},
	"ConcurrencyPolicy":             {"", "Allow", "Forbid"},
	"CompletionMode":                {"NonIndexed", "Indexed"},
	"PodReplacementPolicy":          {"TerminatingOrFailed", "Failed"},
	"SecretType":                    {"", "Opaque", "kubernetes.io/tls"},
	"PersistentVolumeMode":          {"Filesystem", "Block"},
	"PersistentVolumeReclaimPolicy": {"", "Retain", "Delete"},
	"VolumeBindingMode":             {"Immediate", "WaitForFirstConsumer"},
	"FailurePolicyType":             {"Fail", "Ignore"},
	"MatchPolicyType":               {"Equivalent", "Exact"},
	"SideEffectClass":               {"None", "Some"},
	"PreemptionPolicy":              {"PreemptLowerPriority", "Never"},
	"PolicyType":                    {"Ingress", "Egress"},
	"LimitType":                     {"Container", "Pod"},
	"MetricSourceType":              {"Resource", "Pods"},
	"ScalingPolicySelect":           {"Max", "Min", "Disabled"},
	"HPAScalingPolicyType":          {"Pods", "Percent"},
	"FSGroupPolicy":                 {"File", "ReadWriteOnceWithFSType"},
	"HostPathType":                  {"", "Directory"},
	"ScopeType":                     {"*", "Namespaced"},
	"image":                         {"a", "a:latest", "a:1", "b.example/a:2", "a@sha256:0123456789012345678901234567890123456789012345678901234567890123"},
	"reference":                     {"a", "a:1"},
	"schedulerName":                 {"", "default-scheduler", "other"},
	"path":                          {"", "/", "/healthz"},
	"terminationMessagePath":        {"", "/dev/termination-log", "/x"},
	"apiVersion":                    {"", "v1"},
	"fsType":                        {"", "ext4", "xfs"},
	"apiGroup":                      {"", "rbac.authorization.k8s.io"},
}

var plainTexts = []string{"", "a", "b", "x-1"}

// filler fills objects with what defaulters look at and what they do not.
type filler struct {
	r     *rand.Rand
	depth int
}

func (f *filler) pick(texts []string) string { return texts[f.r.Intn(len(texts))] }

func (f *filler) fill(v reflect.Value, field string) {
	switch x := v.Addr().Interface().(type) {
	case *resource.Quantity:
		*x = resource.MustParse(f.pick([]string{"1", "2", "100m", "1Gi"}))
		return
	case *intstr.IntOrString:
		*x = intstr.Parse(f.pick([]string{"0", "1", "8080", "25%", "http"}))
		return
	}
	if skip(v.Type()) {
		return
	}
	f.depth++
	defer func() { f.depth-- }()
	switch v.Kind() {
	case reflect.Pointer:
		if f.depth < 24 && f.r.Intn(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), field)
		}
	case reflect.Slice:
		f.slice(v, field)
	case reflect.Map:
		f.mapOf(v, field)
	case reflect.Struct:
		f.structOf(v)
	case reflect.String:
		v.SetString(f.text(v.Type().Name(), field))
	case reflect.Bool:
		v.SetBool(f.r.Intn(2) == 0)
	case reflect.Int32, reflect.Int64:
		v.SetInt([]int64{0, 1, 2, 3, 6, 10, 30, 420, 600, 8080}[f.r.Intn(10)])
	}
}

func (f *filler) text(typ, field string) string {
	if pool := pools[typ]; pool != nil {
		return f.pick(pool)
	}
	if pool := pools[field]; pool != nil {
		return f.pick(pool)
	}
	return f.pick(plainTexts)
}

func (f *filler) slice(v reflect.Value, field string) {
	n := f.r.Intn(3)
	if v.Type().Elem().Kind() == reflect.Uint8 || f.depth > 24 {
		n = 0
	}
	if n == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		f.fill(v.Index(i), field)
	}
}

func (f *filler) mapOf(v reflect.Value, field string) {
	n := f.r.Intn(3)
	if n == 0 || v.Type().Elem().Kind() == reflect.Slice {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range n {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		key.SetString(f.pick([]string{"cpu", "memory", "a"}))
		f.fill(elem, field)
		v.SetMapIndex(key, elem)
	}
}

func (f *filler) structOf(v reflect.Value) {
	for i := range v.NumField() {
		sf := v.Type().Field(i)
		tag, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if tag == "-" || tag == "status" || !sf.IsExported() {
			continue
		}
		f.fill(v.Field(i), tag)
	}
	// Objects that Kubernetes refuses say nothing: a strategy without rolling
	// updates has no settings for them.
	kind, rolling := v.FieldByName("Type"), v.FieldByName("RollingUpdate")
	if kind.IsValid() && rolling.IsValid() && kind.String() != "" && kind.String() != "RollingUpdate" {
		rolling.SetZero()
	}
}
