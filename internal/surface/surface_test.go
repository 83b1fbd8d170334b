package surface

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

const c = "/spec/template/spec/containers[name=c]"

var cases = []struct {
	kind, path string
	want       parity.Surface
}{
	{"Deployment", c + "/image", parity.Artifact},
	{"Rollout", c + "/imagePullPolicy", parity.Artifact},
	{"Deployment", "/spec/replicas", parity.Resource},
	{"Deployment", c + "/resources/limits/cpu", parity.Resource},
	{"HorizontalPodAutoscaler", "/spec/maxReplicas", parity.Resource},
	{"HorizontalPodAutoscaler", "/metadata/labels/a", parity.Resource},
	{"PersistentVolumeClaim", "/spec/resources/requests/storage", parity.Resource},
	{"PersistentVolumeClaim", "/spec/storageClassName", parity.Data},
	{"NetworkPolicy", "/spec/ingress[=anyone TCP/80]", parity.Network},
	{"HTTPRoute", "/spec/hostnames[=a]", parity.Network},
	{"Deployment", c + "/ports[containerPort=80]/protocol", parity.Network},
	{"ClusterRole", "/rules[=core/pods:get]", parity.IdentitySurface},
	{"Deployment", "/spec/template/spec/serviceAccountName", parity.IdentitySurface},
	{"Deployment", c + "/securityContext/runAsNonRoot", parity.Security},
	{"Deployment", "/spec/template/spec/hostNetwork", parity.Security},
	{"Namespace", "/metadata/labels/pod-security.kubernetes.io/enforce", parity.Security},
	{"Namespace", "/metadata/labels/team", parity.Platform},
	{"ClusterPolicy", "/spec/rules[name=a]/match", parity.Security},
	{"K8sRequiredLabels", "/spec/match", parity.Security},
	{"Secret", "/data/k", parity.Secrets},
	{"ExternalSecret", "/spec/data[0]/remoteRef/key", parity.Secrets},
	{"Deployment", c + "/env[name=K]/valueFrom/secretKeyRef/name", parity.Secrets},
	{"Deployment", c + "/env[name=DB_PASSWORD]/value", parity.Secrets},
	{"Deployment", c + "/env[name=FEATURE_X]/value", parity.Flag},
	{"Deployment", c + "/env[name=CHECKOUT_ENABLED]/value", parity.Flag},
	{"ConfigMap", "/data/FEATURE_X", parity.Flag},
	{"Deployment", c + "/env[name=DB_HOST]/value", parity.Dependency},
	{"ConfigMap", "/data/PAYMENT_URL", parity.Dependency},
	{"Deployment", c + "/env[name=LOG_LEVEL]/value", parity.Telemetry},
	{"Deployment", c + "/env[name=OTEL_EXPORTER_OTLP_ENDPOINT]/value", parity.Telemetry},
	{"ServiceMonitor", "/spec/endpoints[0]/interval", parity.Telemetry},
	{"StorageClass", "/provisioner", parity.Platform},
	{"Deployment", "/spec/template/spec/tolerations[key=a]/key", parity.Platform},
	{"CustomResourceDefinition", "/spec/scope", parity.Platform},
	{"Application", "/spec/source/targetRevision", parity.Delivery},
	{"Application", "/spec/source/helm/values/replicas", parity.Config},
	{"Deployment", "/spec/strategy/type", parity.Delivery},
	{"Deployment", c + "/env[name=COLOUR]/value", parity.Config},
	{"ServiceAccount", "/metadata/annotations/eks.amazonaws.com/role-arn", parity.IdentitySurface},
	{"compose", "/image", parity.Artifact},
	{"compose", "/ports[=80:80]", parity.Network},
	{"compose", "/environment/DB_HOST", parity.Dependency},
	{"dotenv", "/FEATURE_X", parity.Flag},
	{"dotenv", "/COLOUR", parity.Config},
	{"values", "/image/tag", parity.Artifact},
	{"values", "/appResources/limits/memory", parity.Resource},
	{"values", "/replicaCount", parity.Resource},
	{"values", "/ingress/hosts[0]/host", parity.Network},
	{"values", "/rdsParquetExports/enabled", parity.Flag},
	{"values", "/extraEnv[name=REDIS_URL]/value", parity.Dependency},
	{"Unheard", "/spec/colour", parity.Config},
	{"", "", parity.Config},
}

// rows returns the rows that a package has of its own.
func rows(tb testing.TB, pkg string) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("..", pkg, "surfaces.tsv"))
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// tables returns the table of each kind of the cases.
func tables(tb testing.TB) func(kind string) *Table {
	tb.Helper()
	objects, between := Lazy(rows(tb, "kube"), "")(), map[string]*Table{
		"compose": Lazy("", rows(tb, "collector/compose"))(), "values": Lazy("", rows(tb, "settings"))(), "dotenv": Common(),
	}
	return func(kind string) *Table {
		if t := between[kind]; t != nil {
			return t
		}
		return objects
	}
}

func TestOf(t *testing.T) {
	table := tables(t)
	for _, tt := range cases {
		if got := table(tt.kind).Of(tt.kind, tt.path); got != tt.want {
			t.Errorf("Of(%s, %s) = %v, want %v", tt.kind, tt.path, got, tt.want)
		}
	}
}

func TestNewRefusesWrongRows(t *testing.T) {
	for in, want := range map[string]string{
		"*\t*":                 "line 1",
		"# c\n\n*\t*\tweather": "line 3",
		"*\t\tconfig":          "line 1",
		"*\t*\tconfig\t":       "line 1",
	} {
		if _, err := New(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%q) = %v, want an error at %s", in, err, want)
		}
	}
}

// TestEveryTableReads holds that the rows of every format can be read, and that
// together they lead to every surface that a path can tell.
func TestEveryTableReads(t *testing.T) {
	files, err := filepath.Glob("../*/surfaces.tsv")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../*/*/surfaces.tsv")
	if err != nil {
		t.Fatal(err)
	}
	have := map[parity.Surface]bool{}
	texts := []string{Shared()}
	for _, f := range append(files, more...) {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if len(texts) < 5 {
		t.Errorf("%d tables were found", len(texts))
	}
	for _, text := range texts {
		table, err := New(text)
		if err != nil {
			t.Error(err)
			continue
		}
		for _, r := range table.rows {
			have[r.surface] = true
		}
	}
	for _, s := range parity.Surfaces() {
		if !have[s] && s != parity.Incident && s != parity.Behaviour {
			t.Errorf("no row leads to %v", s)
		}
	}
}

func TestPatterns(t *testing.T) {
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true},
		{"/a", "/a", true},
		{"/a", "/ab", false},
		{"/a*", "/ab", true},
		{"*/b", "/a/b", true},
		{"*/b", "/a/bc", false},
		{"*/a/*", "/x/a/y", true},
		{"*/a/*", "/x/ay", false},
		{"/a/*/c", "/a/b/c", true},
		{"/a/*/c", "/a/c", false},
		{"*/a*/c", "/x/ab/c", true},
		{"*/a*/c", "/x/b/c", false},
	} {
		if got := compile(tt.pattern).fits(tt.text); got != tt.want {
			t.Errorf("%q fits %q: %v, want %v", tt.pattern, tt.text, got, tt.want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add("Deployment", "/spec/a[=b]/value")
	f.Add("", "]/value")
	table := tables(f)
	f.Fuzz(func(t *testing.T, kind, path string) {
		if s := table(kind).Of(kind, path); s.String() == "" || strings.HasPrefix(s.String(), "surface(") {
			t.Errorf("Of(%q, %q) = %v", kind, path, s)
		}
	})
}

func BenchmarkOf(b *testing.B) {
	table := tables(b)("Deployment")
	b.ReportAllocs()
	for b.Loop() {
		table.Of("Deployment", "/spec/template/spec/containers[name=c]/env[name=COLOUR]/value")
	}
}
