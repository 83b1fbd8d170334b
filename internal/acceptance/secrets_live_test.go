package acceptance

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// credentials are the environment variables that hold what the sources of live
// servers log in with.
var credentials = []string{"CORPUS_TOKEN", "CORPUS_PASSWORD", "CORPUS_HEADER"}

// plantLive plants secrets in the answers of servers, whole and failing, and in
// the credentials that are sent to them. It returns parity.yaml and the
// variables.
func (p *planter) plantLive(t testing.TB) (config string, environ map[string]string) {
	t.Helper()
	answers := map[string]sides{}
	for _, d := range documents(t, "live.txtar") {
		format, path, _ := strings.Cut(d.name, ";")
		answers[path] = p.expand("live server", format, "live", d.text)
	}
	environ = map[string]string{}
	for _, name := range credentials {
		environ[name] = p.expand("live server", "credential", "live", "{rand}")[0]
	}
	var b strings.Builder
	b.WriteString("version: 1\nproject: live\nenvironments:\n")
	for side, env := range secretEnvs {
		server := httptest.NewServer(answering(answers, side))
		t.Cleanup(server.Close)
		fmt.Fprintf(&b, "- name: %s\n  sources:\n", env)
		for _, prefix := range []string{"", "/fail", "/odd"} {
			at := server.URL + prefix
			fmt.Fprintf(&b, "  - {collector: alerting, alertmanager: {url: %s, tokenEnv: CORPUS_TOKEN, timeout: 2}}\n", at)
			fmt.Fprintf(&b, "  - {collector: prometheus, url: %s, user: u, passwordEnv: CORPUS_PASSWORD, timeout: 2}\n", at)
			fmt.Fprintf(&b, "  - {collector: loki, url: %s, headersEnv: {X-Api-Key: CORPUS_HEADER}, timeout: 2}\n", at)
			fmt.Fprintf(&b, "  - {collector: traces, url: %s, tokenEnv: CORPUS_TOKEN, timeout: 2}\n", at)
		}
	}
	return b.String(), environ
}

// answering answers each path with its document, and those below a path of
// failures with that.
func answering(answers map[string]sides, side int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first := "/" + strings.SplitN(r.URL.Path, "/", 3)[1]
		answer, ok := answers[first]
		switch {
		case ok && first == "/fail":
			w.WriteHeader(http.StatusBadRequest)
		case !ok:
			if answer, ok = answers[r.URL.Path]; !ok {
				answer = sides{`{"status": "success", "data": []}`, `{"status": "success", "data": []}`}
			}
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer[side])
	})
}

// plantCluster plants secrets in the objects of a cluster, which is what the
// cache keeps, and in the kubeconfig that opens it.
func (p *planter) plantCluster(t testing.TB) tree {
	t.Helper()
	lists := map[string]sides{}
	for _, d := range documents(t, "cluster.txtar") {
		format, path, _ := strings.Cut(d.name, ";")
		lists[path] = p.expand("cluster", format, "cluster", d.text)
	}
	token := p.expand("cluster", "kubeconfig", "cluster", "{rand}")
	f := tree{"parity.yaml": "version: 1\nproject: cluster\nenvironments:\n"}
	for side, env := range secretEnvs {
		server := httptest.NewServer(cluster(lists, side))
		t.Cleanup(server.Close)
		f["parity.yaml"] += fmt.Sprintf("- {name: %[1]s, sources: [{collector: kubernetes, kubeconfig: %[1]s.kubeconfig, timeout: 5}]}\n", env)
		f[env+".kubeconfig"] = fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: %s}}]
users: [{name: u, user: {token: %s}}]
`, server.URL, token[side])
	}
	return f
}

// cluster answers what discovery and lists ask of an API server.
func cluster(lists map[string]sides, side int) http.Handler {
	resources := func(version, list string) string {
		return fmt.Sprintf(`{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": %q, "resources": [%s]}`, version, list)
	}
	resource := func(plural, kind string) string {
		return fmt.Sprintf(`{"name": %q, "singularName": "", "namespaced": true, "kind": %q, "verbs": ["get", "list"]}`, plural, kind)
	}
	fixed := map[string]string{
		"/version": `{"major": "1", "minor": "34", "gitVersion": "v1.34.0"}`,
		"/api":     `{"kind": "APIVersions", "versions": ["v1"]}`,
		"/apis": `{"kind": "APIGroupList", "apiVersion": "v1", "groups": [{"name": "apps", "versions": [{"groupVersion": "apps/v1", "version": "v1"}],
			"preferredVersion": {"groupVersion": "apps/v1", "version": "v1"}}]}`,
		"/api/v1":       resources("v1", resource("secrets", "Secret")+","+resource("configmaps", "ConfigMap")+","+resource("pods", "Pod")),
		"/apis/apps/v1": resources("apps/v1", resource("deployments", "Deployment")),
	}
	kinds := map[string]string{"secrets": "Secret", "configmaps": "ConfigMap", "pods": "Pod", "deployments": "Deployment"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if text, ok := fixed[r.URL.Path]; ok {
			_, _ = io.WriteString(w, text)
			return
		}
		items, ok := lists[r.URL.Path]
		if !ok {
			http.Error(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}`, http.StatusNotFound)
			return
		}
		at := strings.Split(r.URL.Path, "/")
		version := strings.TrimPrefix(strings.TrimPrefix(strings.Join(at[:len(at)-1], "/"), "/apis/"), "/api/")
		fmt.Fprintf(w, `{"kind": "%sList", "apiVersion": %q, "metadata": {"resourceVersion": "1"}, "items": %s}`, kinds[at[len(at)-1]], version, items[side])
	})
}
