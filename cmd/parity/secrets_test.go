package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/envparity/parity/internal/cli"
	"github.com/envparity/parity/internal/report"
)

// planted is a secret whose encodings all differ.
const planted = `Zk9q7"Lw2/Yp@4vT8+x`

// traces are what shows of the secret in any encoding.
func traces(t *testing.T) []string {
	t.Helper()
	quoted, err := json.Marshal(planted)
	if err != nil {
		t.Fatal(err)
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(planted))
	return []string{
		planted, "Zk9q7", "Lw2/Yp", "4vT8", url.QueryEscape(planted), url.PathEscape(planted),
		strings.Trim(string(quoted), `"`), encoded, encoded[:12],
	}
}

// inputs are one secret in every format, in files that parse and in files that
// do not. {plain}, {base64}, {url} and {json} are its spellings; {side} is what
// differs between the environments, so that something is reported.
var inputs = map[string]string{
	"secret.yaml": `apiVersion: v1
kind: Secret
metadata: {name: a}
data: {any: {base64}}
stringData: {other: {json}, side: {side}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  DB_PASSWORD: {json}
  DATABASE_URL: "postgres://app:{url}@db/app?side={side}"
  settings.json: '{"api_key": {json}, "side": "{side}"}'
  app.properties: |
    client.secret={plain}
    side={side}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec:
  template:
    spec:
      containers:
        - name: a
          image: a:{side}
          args: ["--api-token={url}", "--side={side}"]
          env:
            - {name: APP_TOKEN, value: {json}}
            - {name: SIDE, value: {side}}
            - {name: DSN, value: "amqp://u:{url}@mq/{side}"}
`,
	"broken.yaml": `apiVersion: v1
kind: Secret
metadata: {name: b}
stringData:
  password: {json}
  password: {json}
  other: "{plain}
`,
	"application.yaml": `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: a}
spec:
  source:
    repoURL: https://user:{url}@charts.example.com
    chart: a
    targetRevision: 1.0.0
    helm:
      values: |
        side: {side}
        auth: {password: {json}}
`,
	"compose.yaml": `services:
  a:
    image: a:{side}
    environment:
      A_PASSWORD: {json}
      SIDE: {side}
      URL: "redis://:{url}@cache/{side}"
`,
	"a.env":                    "API_KEY='{plain}'\nSIDE={side}\nBROKER_URL=amqp://u:{url}@mq/{side}\n",
	"b.env":                    "TOKEN=\"{plain}\nSIDE={side}\n",
	"values.yaml":              "side: {side}\nauth:\n  password: {json}\n  url: https://u:{url}@example.com/{side}\n",
	"settings.json":            `{"side": "{side}", "auth": {"secret": {json}, "uri": "mongodb://u:{url}@db/{side}"}}`,
	"broken.json":              `{"side": "{side}", "auth": {"secret": {json} "x"}}`,
	"auth.toml":                "side = \"{side}\"\n[auth]\npassword = {json}\n",
	"broken.toml":              "side = \"{side}\"\n[auth]\npassword = {plain}\n",
	"auth.ini":                 "side = {side}\n[auth]\npassword = {plain}\n",
	"broken.ini":               "[auth\npassword = {plain}\n",
	"app.properties":           "side={side}\nauth.password={plain}\nauth.token:{plain}\n",
	"broken.properties":        "side={side}\nauth.password={plain}\\u00zz\n",
	"chart/Chart.yaml":         "apiVersion: v2\nname: c\nversion: 1.0.0\n",
	"chart/values.yaml":        "side: {side}\nauth: {password: {json}, number: 1}\n",
	"chart/values.schema.json": `{"properties": {"auth": {"properties": {"password": {"maxLength": 3}, "number": {"enum": [{json}]}}}}}`,
	"chart/templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {CHART_PASSWORD: {{ .Values.auth.password | quote }}, side: {{ .Values.side }}}
`,
	"chart/templates/failing.yaml": `{{ fail (printf "the password is %s" .Values.auth.password) }}
`,
	"chart/templates/broken.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: d
data: {password: {{ .Values.auth.password | quote }}
`,
	"kustomize/kustomization.yaml": `secretGenerator:
  - name: k
    literals: [{quotedLiteral}]
configMapGenerator:
  - name: k
    literals: [KUSTOMIZE_TOKEN={url}, side={side}]
`,
	"output.sh":  "cat \"$(dirname \"$0\")/values.yaml\"\n",
	"failing.sh": "echo 'password={plain}'; echo 'password={plain}' >&2; exit 3\n",
}

// plant writes the inputs of one environment. Each has a secret of its own, so
// that they differ, which begins like the other's.
func plant(t *testing.T, dir, side string) {
	t.Helper()
	planted := planted + side
	quoted, err := json.Marshal(planted)
	if err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer(
		"{plain}", planted, "{base64}", base64.StdEncoding.EncodeToString([]byte(planted)),
		"{url}", url.PathEscape(planted), "{json}", string(quoted), "{side}", side,
		"{quotedLiteral}", strconv.Quote("any="+planted),
	)
	for name, text := range inputs {
		path := filepath.Join(dir, side, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(fill.Replace(text)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

const secretsConfig = `version: 1
rules: {secretContents: true}
environments:
  - name: staging
    sources: &sources
      - {collector: kubernetes-manifests, path: SIDE/secret.yaml}
      - {collector: kubernetes-manifests, path: SIDE/broken.yaml}
      - {collector: kubernetes-manifests, path: SIDE/application.yaml}
      - {collector: compose, files: [SIDE/compose.yaml]}
      - {collector: dotenv, files: [SIDE/a.env]}
      - {collector: dotenv, files: [SIDE/b.env]}
      - {collector: files, paths: [SIDE/values.yaml, SIDE/settings.json, SIDE/broken.json, SIDE/auth.toml, SIDE/broken.toml]}
      - {collector: kubernetes-manifests, path: SIDE/chart}
      - {collector: kubernetes-manifests, path: SIDE/kustomize}
      - {collector: exec, command: [sh, SIDE/output.sh], format: yaml}
      - {collector: exec, command: [sh, SIDE/failing.sh], format: yaml}
      - {collector: files, paths: [SIDE/auth.ini, SIDE/broken.ini, SIDE/app.properties, SIDE/broken.properties]}
`

// TestSecretsShowNowhere plants one secret in every input format and looks for
// any trace of it in every report, snapshot, log and message.
func TestSecretsShowNowhere(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, "staging")
	plant(t, dir, "production")
	_, sources, _ := strings.Cut(secretsConfig, "&sources\n")
	config := strings.ReplaceAll(strings.ReplaceAll(secretsConfig, " &sources", ""), "SIDE", "staging") +
		"  - name: production\n    sources:\n" + strings.ReplaceAll(sources, "SIDE", "production")
	if err := os.WriteFile(filepath.Join(dir, "parity.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	out := t.TempDir()
	commands := [][]string{
		{"check", "--all", "--long", "--verbose"},
		{"align", "--all"},
		{"bindings"},
		{"align", "--json"},
		{"snapshot", "staging", "--output", filepath.Join(out, "staging.parity")},
		{"explain", "ConfigMap/a", "/data/DB_PASSWORD"},
		{"explain", "ConfigMap/a", "/data/DATABASE_URL"},
		{"explain", "Secret/a", "/data/any"},
		{"check", "--write-baseline", filepath.Join(out, "baseline.json")},
		{"diff", "staging/broken.yaml", "production/broken.yaml", "--verbose"},
		{"diff", "staging/broken.json", "production/broken.json"},
	}
	live := []string{"--live", filepath.Join(dir, "staging", "secret.yaml"), "--desired", filepath.Join(dir, "production", "secret.yaml")}
	commands = append(commands, append([]string{"drift", "production", "--all", "--long", "--verbose"}, live...))
	for _, f := range report.DriftFormats() {
		commands = append(commands, append([]string{"drift", "production", "--all", "--long", "--output", f.Name + "=" + filepath.Join(out, "drift"+f.Extension)}, live...))
	}
	for _, f := range report.Formats() {
		commands = append(commands, []string{"check", "--all", "--long", "--output", f.Name + "=" + filepath.Join(out, "report"+f.Extension)})
	}
	for _, args := range commands {
		var stdout, stderr bytes.Buffer
		code := cli.Run(context.Background(), args, process(dir, nothing, strings.NewReader(""), &stdout, &stderr))
		if code == 2 && args[0] != "explain" {
			t.Errorf("parity %v: exit code %d: %s", args, code, stderr.String())
		}
		noTrace(t, strings.Join(args, " ")+" stdout", stdout.Bytes())
		noTrace(t, strings.Join(args, " ")+" stderr", stderr.Bytes())
		if slices.Contains(args, "--verbose") && args[0] == "check" {
			holdPlaces(t, stdout.String())
		}
		if args[0] == "drift" && args[len(args)-5] == "--verbose" {
			for _, place := range []string{"/data/DB_PASSWORD", "/data/DATABASE_URL", "--api-token", "APP_TOKEN", "Secret a"} {
				if !strings.Contains(stdout.String(), place) {
					t.Errorf("drift does not show %s, so the test looks at nothing:\n%s", place, stdout.String())
				}
			}
		}
	}
	err := filepath.WalkDir(out, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if strings.HasSuffix(p, ".parity") {
			data = unpack(t, data)
		}
		noTrace(t, filepath.Base(p), data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// holdPlaces holds that a report shows the places of the secrets: without
// them the test would look at nothing.
func holdPlaces(t *testing.T, text string) {
	t.Helper()
	for _, place := range []string{
		"DB_PASSWORD", "api_key", "client.secret", "APP_TOKEN", "A_PASSWORD", "API_KEY", "auth.password", "broken.yaml", "broken.json", "broken.toml",
		"CHART_PASSWORD", "KUSTOMIZE_TOKEN", "failing.yaml", "sh",
	} {
		if !strings.Contains(text, place) {
			t.Errorf("the report does not show %s:\n%s", place, text)
			return
		}
	}
}

func unpack(t *testing.T, data []byte) []byte {
	t.Helper()
	d, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	plain, err := d.DecodeAll(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(plain, []byte("DB_PASSWORD")) {
		t.Fatal("the snapshot does not hold the secret's place, so the test looks at nothing")
	}
	return plain
}

func noTrace(t *testing.T, where string, data []byte) {
	t.Helper()
	for _, trace := range traces(t) {
		if i := bytes.Index(data, []byte(trace)); i >= 0 {
			t.Errorf("%s holds the trace %q of the secret: ...%s...", where, trace, data[max(0, i-80):min(len(data), i+80)])
			return
		}
	}
}
