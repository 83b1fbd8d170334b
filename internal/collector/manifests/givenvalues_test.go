package manifests

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/fetch"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

// project writes the files of a txtar text.
func project(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := txtar.Write(txtar.Parse([]byte(text)), dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

const shopChart = `-- shop/Chart.yaml --
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - {name: redis, version: 1.2.3, repository: "https://charts.example.com"}
  - {name: redis, alias: cache, version: 1.2.3, repository: "https://charts.example.com"}
  - {name: extra, version: 1.2.3, repository: "https://charts.example.com", condition: extra.enabled}
-- shop/values.yaml --
global: {domain: example.com, region: none, both: {a: 1, b: 2}}
replicaCount: 1
redis:
  auth: {enabled: true, user: default}
  list: [a, b]
  text: |
    one
    two
cache: {size: 1, gone: {x: 1}, global: {region: mine}}
extra: {enabled: false}
-- common.yaml --
global: {region: eu, both: {b: 3}}
redis: {auth: {user: null}, image: {tag: "1.10"}, replicaCount: 2}
-- staging.yaml --
redis: {list: [c], image: {tag: "1.11"}}
cache: {gone: null, size: 2}
`

var shopConfig = Config{Path: "shop", Values: []string{"common.yaml", "staging.yaml"}, Release: "shop", Namespace: "shop"}

// redis is a chart whose one object shows the values that it is given.
const redis = `-- redis/Chart.yaml --
apiVersion: v2
name: redis
version: 1.2.3
-- redis/templates/cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-{{ .Chart.Name }}}
data: {given: {{ .Values | toJson | quote }}}
`

// leaves lists the values of a tree by their paths.
func leavesOf(v any, at string, out map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			leavesOf(x, at+"/"+k, out)
		}
	case []any:
		for _, x := range v {
			out[at+"[="+fmt.Sprint(x)+"]"] = fmt.Sprint(x)
		}
	case nil:
	default:
		out[at] = strings.TrimRight(fmt.Sprint(v), "\n")
	}
}

// What is said of dependencies that are not there is what Helm gives them when
// they are.
func TestGivenValuesAreHelms(t *testing.T) {
	dir := project(t, shopChart)
	got := map[string]map[string]string{}
	for _, x := range collectortest.Snapshot(t, New(), dir, &shopConfig).Subjects {
		facts := map[string]string{}
		for _, f := range x.Facts {
			if rest, ok := strings.CutPrefix(f.Path, "/values"); ok && f.Value.Kind != parity.Null {
				facts[rest] = f.Value.Canonical()
			}
		}
		got[x.Subject.Name] = facts
	}
	if len(got) != 3 {
		t.Fatalf("the subjects are %v", slices.Sorted(maps.Keys(got)))
	}
	rendered := collectortest.Snapshot(t, New(), project(t, shopChart+strings.ReplaceAll(redis, "-- redis/", "-- shop/charts/redis/")), &shopConfig)
	checked := 0
	for _, x := range rendered.Subjects {
		name := strings.TrimPrefix(x.Subject.Name, "shop-")
		for _, f := range x.Facts {
			if f.Path != "/data/given" {
				continue
			}
			var values map[string]any
			if err := json.Unmarshal([]byte(f.Value.Raw), &values); err != nil {
				t.Fatal(err)
			}
			want := map[string]string{}
			leavesOf(values, "", want)
			together := maps.Clone(got["shop"])
			maps.Copy(together, got["shop/"+name])
			if diff := cmp.Diff(want, together); diff != "" {
				t.Errorf("%s (-Helm's +ours)\n%s", name, diff)
			}
			checked++
		}
	}
	if checked != 2 {
		t.Errorf("%d charts were compared, want 2: %+v", checked, rendered.Subjects)
	}
}

// Each value says in which file and line it is stated.
func TestGivenValuesPointToTheirLines(t *testing.T) {
	s := collectortest.Snapshot(t, New(), project(t, shopChart), &shopConfig)
	for path, want := range map[string]string{
		"/values/image/tag":     "staging.yaml:1",
		"/values/replicaCount":  "common.yaml:2",
		"/values/auth/enabled":  "shop/values.yaml:4",
		"/values/global/domain": "shop/values.yaml:1",
		"/version":              "shop/Chart.yaml",
	} {
		found := false
		for _, x := range s.Subjects {
			for _, f := range x.Facts {
				if f.Path == path && (x.Subject.Name == "shop" || x.Subject.Name == "shop/redis") {
					found = true
					if at := f.Origin.Source(f.Line, 0); at != want {
						t.Errorf("%s is from %s, want %s", path, at, want)
					}
				}
			}
		}
		if !found {
			t.Errorf("there is no %s", path)
		}
	}
}

// objectsOf are the facts of all objects, in one text.
func objectsOf(s *parity.Snapshot) string {
	var b strings.Builder
	for _, x := range s.Subjects {
		for _, f := range x.Facts {
			fmt.Fprintf(&b, "%s %s = %s\n", x.Subject.Key, f.Path, f.Value.Canonical())
		}
	}
	return b.String()
}

// A dependency that is a directory is read as if it stood in the chart, unless
// its version is another one.
func TestLocalDependencies(t *testing.T) {
	text := func(version, files string) string {
		return "-- app/Chart.yaml --\napiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n  - {name: redis, version: " + version +
			", repository: \"file://../redis\"}\n-- app/values.yaml --\nredis: {a: 1}\n" + files
	}
	cfg := &Config{Path: "app", Release: "shop"}
	want := collectortest.Snapshot(t, New(), project(t, text("1.x.x", strings.ReplaceAll(redis, "-- redis/", "-- app/charts/redis/"))), cfg)
	got := collectortest.Snapshot(t, New(), project(t, text("1.x.x", redis)), cfg)
	if diff := cmp.Diff(objectsOf(want), objectsOf(got)); diff != "" || len(got.Gaps) > 0 || len(got.Subjects) != 1 {
		t.Errorf("%s %+v", diff, got.Gaps)
	}
	other := collectortest.Snapshot(t, New(), project(t, text("2.x.x", redis)), cfg)
	if len(other.Gaps) != 1 || len(other.Subjects) != 1 || other.Subjects[0].Subject.Kind != chartKind {
		t.Errorf("%+v %+v", other.Gaps, other.Subjects)
	}
}

// Where a template of the chart itself needs a chart that is not there, the
// chart's own values are compared as well.
func TestValuesOfAChartThatNeedsALibrary(t *testing.T) {
	s := collectortest.Snapshot(t, New(), project(t, `-- app/Chart.yaml --
apiVersion: v2
name: app
version: 1.0.0
dependencies: [{name: common, version: 2.x.x, repository: "oci://registry.example.com/charts"}]
-- app/values.yaml --
replicaCount: 3
common: {a: 1}
-- app/templates/web.yaml --
{{ include "common.deployment" . }}
-- app/templates/cm.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: rendered}
`), &Config{Path: "app"})
	var keys []string
	for _, x := range s.Subjects {
		keys = append(keys, x.Subject.Key.String())
	}
	if diff := cmp.Diff([]string{"ConfigMap rendered", "HelmChart app", "HelmChart app/common"}, keys); diff != "" {
		t.Error(diff)
	}
	if text := objectsOf(s); !strings.Contains(text, "HelmChart app /values/replicaCount = 3") || strings.Contains(text, "app /values/common") {
		t.Error(text)
	}
}

func TestSecretsAmongGivenValues(t *testing.T) {
	s := collectortest.Snapshot(t, New(), project(t, shopChart+"-- secrets.yaml --\nredis:\n  password: hunter2hunter2\n  url: https://u:hunter2hunter2@db.example.com\n  sealed: ENC[AES256_GCM,data:abc,type:str]\nsops: {mac: x}\n"),
		&Config{Path: "shop", Values: []string{"secrets.yaml"}})
	secrets := 0
	for _, x := range s.Subjects {
		for _, f := range x.Facts {
			if strings.Contains(f.Value.Raw+f.Value.Canon, "hunter2") || strings.Contains(f.Value.Raw, "ENC[") {
				t.Errorf("%s shows %+v", f.Path, f.Value)
			}
			if (f.Path == "/values/password" || f.Path == "/values/sealed") && f.Value.Kind == parity.Secret {
				secrets++
			}
		}
	}
	if secrets != 2 {
		t.Errorf("%d secrets, want 2: %s", secrets, objectsOf(s))
	}
}

// Values without a chart are put together as Helm does; a directory stands for
// the files in it, and a link within the repository for what it leads to.
func TestValuesAlone(t *testing.T) {
	dir := project(t, "-- values.yaml --\nreplicaCount: 1\nimage: {tag: a, repository: r}\n-- env/staging/10.yaml --\nimage: {tag: b}\n-- env/staging/20.yaml --\nimage: {tag: c}\nextra: 1\n")
	if err := os.Symlink("env/staging/20.yaml", filepath.Join(dir, "linked.yaml")); err != nil {
		t.Fatal(err)
	}
	want := "HelmChart shop/web /values/extra = 1\nHelmChart shop/web /values/image/repository = r\nHelmChart shop/web /values/image/tag = c\nHelmChart shop/web /values/replicaCount = 1\n"
	for _, values := range [][]string{{"values.yaml", "env/staging"}, {"values.yaml", "env/staging/10.yaml", "linked.yaml"}} {
		s := collectortest.Snapshot(t, New(), dir, &Config{Values: values, Release: "web", Namespace: "shop"})
		if diff := cmp.Diff(want, objectsOf(s)); diff != "" {
			t.Errorf("%v: %s", values, diff)
		}
		if len(s.Gaps) != 1 || s.Gaps[0].Hides != parity.HidesObjects || s.Gaps[0].Given != "HelmChart shop/web" {
			t.Errorf("%+v", s.Gaps)
		}
	}
	if err := (&Config{}).Validate(); err == nil {
		t.Error("a source without path and values is accepted")
	}
}

// chartServer serves a packed chart as a repository does.
func chartServer(t *testing.T, text string) (url string) {
	t.Helper()
	dir := project(t, text)
	c, err := loader.LoadDir(filepath.Join(dir, "redis"))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := chartutil.Save(c, dir)
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/index.yaml" {
			fmt.Fprintf(w, "entries:\n  redis:\n    - {version: 1.2.3, digest: %s, urls: [redis.tgz]}\n", hex.EncodeToString(sum[:]))
			return
		}
		_, _ = io.Copy(w, bytes.NewReader(data))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// fetching reads a source with what gets charts.
func fetching(t *testing.T, dir string, cfg *Config) *parity.Snapshot {
	t.Helper()
	root := place.Dir(dir)
	defer func() { _ = root.Close() }()
	s, err := collector.Run(context.Background(), collector.RunInput{
		Column: parity.Column{Environment: "staging", Role: parity.Desired}, Root: root, Now: time.Unix(0, 0),
		Sources:  []collector.Configured{{Collector: New(), Config: cfg, Name: "staging"}},
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil), Charts: fetch.New(t.TempDir()),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A chart with fetched dependencies gives what it gives with them in it.
func TestFetchedDependencies(t *testing.T) {
	url := chartServer(t, redis)
	text := strings.ReplaceAll(shopChart, "https://charts.example.com", url)
	want := collectortest.Snapshot(t, New(), project(t, text+strings.ReplaceAll(redis, "-- redis/", "-- shop/charts/redis/")), &shopConfig)
	got := fetching(t, project(t, text), &shopConfig)
	if diff := cmp.Diff(objectsOf(want), objectsOf(got)); diff != "" || len(got.Gaps) > 0 || len(got.Subjects) != 2 {
		t.Errorf("%s %+v", diff, got.Gaps)
	}
	locked := strings.ReplaceAll(text, "version: 1.2.3, repo", "version: 1.x.x, repo") +
		"-- shop/Chart.lock --\ndependencies:\n- {name: redis, version: 1.2.3, repository: " + url + "}\n"
	if got := fetching(t, project(t, locked), &shopConfig); objectsOf(want) != objectsOf(got) {
		t.Errorf("by the lock: %s %+v", cmp.Diff(objectsOf(want), objectsOf(got)), got.Gaps)
	}
}

// What cannot be fetched is a gap that says why.
func TestWhatCannotBeFetched(t *testing.T) {
	url := chartServer(t, redis)
	for want, text := range map[string]string{
		"neither exact nor locked":            strings.ReplaceAll(strings.ReplaceAll(shopChart, "https://charts.example.com", url), "1.2.3", "^1.2.0"),
		"the repository has no such version":  strings.ReplaceAll(strings.ReplaceAll(shopChart, "https://charts.example.com", url), "1.2.3", "9.9.9"),
		"the connection would not be encrypt": strings.ReplaceAll(shopChart, "https://charts.example.com", "http://charts.example.com"),
	} {
		s := fetching(t, project(t, text), &shopConfig)
		if len(s.Gaps) != 2 || !strings.Contains(s.Gaps[0].Reason, want) || len(s.Subjects) != 3 {
			t.Errorf("want %q: %+v", want, s.Gaps)
		}
	}
}

// A variable whose value a chart makes anew is unknown, and not empty.
func TestAVariableMadeAnewIsUnknown(t *testing.T) {
	s := collectortest.Snapshot(t, New(), project(t, "-- c/Chart.yaml --\napiVersion: v2\nname: c\nversion: 1.0.0\n-- c/templates/d.yaml --\n"+
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {containers: [{name: web, image: a, env: [{name: A, value: \"1\"}, {name: B, value: {{ randAlphaNum 9 }}}]}]}}}\n"),
		&Config{Path: "c"})
	text := objectsOf(s)
	if !strings.Contains(text, "env[name=A]/value = 1") || strings.Contains(text, "name=B") || len(s.Gaps) != 1 {
		t.Errorf("%s %+v", text, s.Gaps)
	}
}
