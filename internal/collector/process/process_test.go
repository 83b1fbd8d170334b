package process

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
)

const taskText = `{"family": "shop", "revision": 7, "taskRoleArn": "arn:aws:iam::123456789012:role/shop", "cpu": "256",
"containerDefinitions": [{"name": "web", "image": "registry.example.com/web:1.2", "memory": 512, "cpu": 128,
"environment": [{"name": "LEVEL", "value": "info"}, {"name": "API_TOKEN", "value": "%SECRET_WORD%"}],
"secrets": [{"name": "DB_PASSWORD", "valueFrom": "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/db"}],
"portMappings": [{"containerPort": 8080, "protocol": "tcp"}], "command": ["serve", "--fast"],
"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/shop"}}}]}`

func TestConformance(t *testing.T) {
	collectortest.Run(t, collectortest.Case{
		Name: "all formats", Collector: New(),
		Config: &Config{Paths: []string{"task.json", "Procfile", "app.json", ".tool-versions", "Dockerfile", "web.service", ".nvmrc"}},
		Files: map[string]string{
			"task.json":      taskText,
			"Procfile":       "web: serve --token %SECRET_WORD%\n# note\nworker: work\n",
			"app.json":       `{"name": "x", "stack": "heroku-24", "env": {"A": "1", "API_TOKEN": {"value": "%SECRET_WORD%"}, "KEY": {"generator": "secret"}}}`,
			".tool-versions": "nodejs 22.1.0\npython 3.12.1 3.11.0 # two\n",
			".nvmrc":         "v22.1.0\n",
			"Dockerfile":     "ARG V=1.27\nFROM golang:$V AS build\nRUN <<EOF\nFROM nothing\nEOF\nFROM alpine:3.20@sha256:0000000000000000000000000000000000000000000000000000000000000000\nENV LEVEL=info API_TOKEN=%SECRET_WORD%\nUSER app\nEXPOSE 80 53/udp\nENTRYPOINT [\"/app\", \\\n  \"serve\"]\n",
			"web.service":    "[Unit]\nAfter=network.target db.service\n[Service]\nEnvironment=\"A=x y\" API_TOKEN=%SECRET_WORD%\nExecStart=/app \\\n  serve\nUser=app\nLimitNOFILE=1024\n",
		},
		Facts: []string{
			"/image", "/environment[name=LEVEL]/value", "/environment[name=DB_PASSWORD]/valueFrom", "/ports[target=8080/tcp]", "/taskRoleArn",
			"/command", "/stack", "/nodejs", "/from[stage=build]", "/from[stage=1]", "/user", "/Service/LimitNOFILE", "/Unit/After[=db.service]",
		},
		Broken: []collectortest.Broken{
			{Name: "json", Files: map[string]string{"task.json": `{"containerDefinitions": %SECRET_WORD%}`}, Keeps: true, Reason: "JSON"},
			{Name: "another json", Files: map[string]string{"task.json": `{"x": "%SECRET_WORD%"}`}, Keeps: true, Reason: "no task definition"},
			{Name: "procfile", Files: map[string]string{"Procfile": "%SECRET_WORD%\n"}, Keeps: true, Reason: "NAME: COMMAND"},
			{Name: "tools", Files: map[string]string{".tool-versions": "%SECRET_WORD%\n"}, Keeps: true, Reason: "NAME VERSION"},
			{Name: "dockerfile", Files: map[string]string{"Dockerfile": "%SECRET_WORD% x\n"}, Keeps: true, Reason: "instruction"},
			{Name: "an argument", Files: map[string]string{"Dockerfile": "ARG V\nFROM a:${V}\nUSER x\n"}, Keeps: true, Reason: "needs the argument V"},
			{Name: "unit", Files: map[string]string{"web.service": "%SECRET_WORD%\n"}, Keeps: true, Reason: "KEY=VALUE"},
			{Name: "git-crypt", Files: map[string]string{"task.json": "\x00GITCRYPT\x00%SECRET_WORD%"}, Keeps: true, Reason: "git-crypt"},
			{Name: "gone", Remove: []string{"Procfile"}, Keeps: true, Reason: "no such file"},
			{Name: "no paths", Config: &Config{}, Reason: "no paths"},
			{Name: "a strange name", Files: map[string]string{"x.bin": "%SECRET_WORD%"}, Config: &Config{Paths: []string{"x.bin"}}, Reason: "no format"},
		},
	})
}

// facts reads files and gives "kind name path=value" for each fact.
func facts(t *testing.T, files map[string]string, paths ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := collectortest.Snapshot(t, New(), dir, &Config{Paths: paths})
	var out []string
	for i := range s.Subjects {
		for _, f := range s.Subjects[i].Facts {
			out = append(out, s.Subjects[i].Subject.Key.Kind+" "+s.Subjects[i].Subject.Name+" "+f.Path+"="+f.Value.Raw)
		}
	}
	for _, g := range s.Gaps {
		out = append(out, "gap "+g.Path+" "+g.Reason)
	}
	return out
}

func TestDropIns(t *testing.T) {
	got := facts(t, map[string]string{
		"web.service":                "[Service]\nExecStart=/a\nUser=a\nEnvironment=A=1\nEnvironmentFile=-/etc/a\n",
		"web.service.d/10-user.conf": "[Service]\nUser=b\nEnvironment=\nEnvironment=B=2\n",
		"web.service.d/20-exec.conf": "[Service]\nExecStart=\nExecStart=/b\n",
	}, "web.service")
	want := []string{
		"unit web.service /Service/EnvironmentFile[=-/etc/a]=-/etc/a", "unit web.service /Service/ExecStart=/b",
		"unit web.service /Service/User=b", "unit web.service /environment[name=B]/value=2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestDockerfileStages(t *testing.T) {
	got := facts(t, map[string]string{
		"Dockerfile": "# escape=`\nARG B=alpine\nARG T=3\nFROM --platform=linux/amd64 ${B}:${T} AS one\nENV GONE=1\nFROM one\nENV A 1 2\nCMD run `\n  fast\n",
	}, "Dockerfile")
	want := []string{
		"image-build Dockerfile /args/B=alpine", "image-build Dockerfile /args/T=3", "image-build Dockerfile /cmd=run fast",
		"image-build Dockerfile /environment[name=A]/value=1 2", "image-build Dockerfile /from[stage=one]=alpine:3",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestTools(t *testing.T) {
	got := facts(t, map[string]string{
		"go.mod": "module x\n\ngo 1.26 // note\n\ntoolchain go1.26.1\n", "package.json": `{"name": "x", "engines": {"node": ">=22"}}`, ".ruby-version": "ruby-3.4.1\n",
	}, "go.mod", "package.json", ".ruby-version")
	want := []string{
		"tools go.mod /go=1.26", "tools go.mod /toolchain=go1.26.1", "tools package.json /nodejs=>=22", "tools ruby-version /ruby=3.4.1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func FuzzFiles(f *testing.F) {
	f.Add("Procfile", "web: run")
	f.Add("Dockerfile", "FROM a AS b\nENV A=1 B='x y'\nRUN <<E\nx\nE\n")
	f.Add("x.service", "[Service]\nEnvironment=\"A=1\"\nExecStart=a \\\n b\n")
	f.Add("task.json", taskText)
	f.Add("app.json", `{"env": {"A": {"value": "1"}}}`)
	f.Add(".tool-versions", "a 1\n")
	f.Fuzz(func(t *testing.T, name, text string) {
		if readerOf(name) == nil || strings.ContainsAny(name, "/\\*?[{\x00") || len(name) > 100 {
			return
		}
		facts(t, map[string]string{name: text}, name)
	})
}
