package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// runner stands in for a runner of workflows: a server with a repository, a
// checkout of a pull request, secrets, and what runs the scripts of the action.
type runner struct {
	t *testing.T
	// source is the author's repository, work the checkout, home the runner's
	// home, temp its directory for files of the job.
	source, work, home, temp string
	// marks holds a file for each program of the attack that ran, record what gh
	// was called with.
	marks, record string
	binary        string
	summary       string
	base          string // commit
	stranger      string // URL of a server that nobody may send anything to
	asked         atomic.Int32
	secrets       map[string]string
	env           map[string]string
	outputs       map[string]string // by "steps.ID.outputs.NAME"
	codes         map[string]int    // by the step's name
}

// builtParity builds the program once for all tests.
var builtParity = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parity-built-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "parity")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-tags", "kustomize_disable_go_plugin_support", "-o", binary, ".").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return os.ReadFile(binary)
})

func newRunner(t *testing.T) *runner {
	t.Helper()
	for _, program := range []string{"bash", "git", "jq", "mkfifo", "go"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			t.Skipf("SKIPPED: the steps of the action need %s: %v", program, err)
		}
	}
	if testing.Short() {
		t.Skip("SKIPPED: builds the program")
	}
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, codes: map[string]int{}, outputs: map[string]string{}, secrets: map[string]string{}}
	for _, d := range []struct {
		into *string
		name string
	}{{&r.source, "source"}, {&r.work, "work"}, {&r.home, "home"}, {&r.temp, "temp"}, {&r.marks, "marks"}, {&r.record, "record"}} {
		*d.into = filepath.Join(top, d.name)
		if err := os.Mkdir(*d.into, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	r.listen()
	r.machine(top)
	r.repository(filepath.Join(top, "server", "acme", "shop"))
	return r
}

func (r *runner) listen() {
	l, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil && os.Getenv("CI") != "" {
		r.t.Fatalf("CI must run the attack: %v", err)
	}
	if err != nil {
		r.t.Skipf("SKIPPED: 127.0.0.2 cannot be listened on here: %v", err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(r.steal), ReadHeaderTimeout: time.Minute}}
	s.Start()
	r.t.Cleanup(s.Close)
	r.stranger = s.URL
}

// machine lays out the runner's home, its secrets and its environment.
func (r *runner) machine(top string) {
	for _, name := range []string{"DEPLOY_TOKEN", "AWS_SECRET_ACCESS_KEY", "DEPLOY_KEY", "GITHUB_TOKEN", "DOCKER", "CHECKOUT"} {
		// Each is of no form that a scanner knows.
		r.secrets[name] = "fake" + strings.ToLower(strings.ReplaceAll(name, "_", "")) + fmt.Sprintf("%x", []byte(name+"0123456789"))
	}
	r.write(filepath.Join(r.home, ".docker", "config.json"), `{"auths": {"registry.example.com": {"auth": "`+r.secrets["DOCKER"]+`"}}}`)
	built, err := builtParity()
	if err != nil {
		r.t.Fatal(err)
	}
	r.binary = filepath.Join(r.temp, "parity", "parity")
	r.write(r.binary, string(built))
	tools := filepath.Join(top, "tools")
	r.write(filepath.Join(tools, "gh"), ghStandIn)
	r.write(filepath.Join(tools, "syft"), "#!/bin/sh\ntouch "+filepath.Join(r.marks, "syft")+"\n")
	for _, name := range []string{r.binary, filepath.Join(tools, "gh"), filepath.Join(tools, "syft")} {
		if err := os.Chmod(name, 0o755); err != nil {
			r.t.Fatal(err)
		}
	}
	r.write(filepath.Join(r.record, "comments.json"), `[
		{"id": 11, "user": {"login": "mallory"}, "body": "<!-- parity-check -->\nplanted"},
		{"id": 22, "user": {"login": "github-actions[bot]"}, "body": "<!-- parity-check -->\nours"}]`)
	r.summary = filepath.Join(r.temp, "summary")
	r.env = map[string]string{
		"PATH": tools + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME": r.home,
		"RUNNER_TEMP": r.temp, "GITHUB_WORKSPACE": r.work, "GITHUB_STEP_SUMMARY": r.summary,
		"GITHUB_SERVER_URL": "file://" + filepath.Join(top, "server"), "GITHUB_REPOSITORY": "acme/shop",
		"GH_RECORD": r.record, "GIT_CONFIG_NOSYSTEM": "1",
	}
	for _, name := range []string{"DEPLOY_TOKEN", "AWS_SECRET_ACCESS_KEY", "DEPLOY_KEY"} {
		r.env[name] = r.secrets[name]
	}
}

// ghStandIn records what it is called with, and answers as the API does that
// the action asks.
const ghStandIn = `#!/bin/bash
echo "${*//$'\n'/ } " >> "$GH_RECORD/calls"
if [ "$2" = user ]; then echo '{"message":"Resource not accessible by integration"}'; exit 1; fi
method=GET filter=. body=
while [ $# -gt 0 ]; do
  case "$1" in
    -X) method=$2; shift ;;
    --jq) filter=$2; shift ;;
    -F) body=${2#body=@}; shift ;;
  esac
  shift
done
if [ "$method" = GET ]; then jq -r "$filter" "$GH_RECORD/comments.json"; exit; fi
if [ -n "$GH_DENIES" ]; then echo '{"message":"Resource not accessible by integration"}'; exit 1; fi
cp "$body" "$GH_RECORD/body"
`

// repository makes the base on a server, and a checkout of it as a pull request
// that changes nothing.
func (r *runner) repository(server string) {
	r.git(r.source, "init", "-q", "-b", "main", ".")
	for _, env := range []string{"staging", "production"} {
		r.write(filepath.Join(r.source, "deploy", env, "web.yaml"), configMap("web", `{A: "1"}`))
		chart := filepath.Join(r.source, "deploy", "charts", env)
		r.write(filepath.Join(chart, "Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n")
		r.write(filepath.Join(chart, "templates", "a.yaml"), configMap("app", `{A: "1"}`))
	}
	r.write(filepath.Join(r.source, "deploy", "parity.yaml"), `version: 1
environments:
  - {name: staging, sources: [{path: staging}, {path: charts/staging}]}
  - {name: production, sources: [{path: production}, {path: charts/production}]}
gate: {mode: block, failOn: low}
`)
	r.git(r.source, "add", "-A")
	r.git(r.source, "commit", "-qm", "base")
	r.base = strings.TrimSpace(r.git(r.source, "rev-parse", "HEAD"))
	if err := os.MkdirAll(server, 0o755); err != nil {
		r.t.Fatal(err)
	}
	r.git(server, "init", "-q", "--bare", ".")
	r.git(r.source, "remote", "add", "origin", "file://"+server)
	r.git(r.source, "push", "-q", "origin", "main")
	r.git(r.source, "commit", "-q", "--allow-empty", "-m", "a pull request")
	r.publish()
	r.checkout()
}

// publish puts the source's commit where a server has that of a pull request.
func (r *runner) publish() { r.git(r.source, "push", "-q", "-f", "origin", "HEAD:refs/pull/1/merge") }

// checkout checks the pull request out as the runner does: the last commit
// alone, without the base.
func (r *runner) checkout() {
	if err := os.RemoveAll(r.work); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Mkdir(r.work, 0o755); err != nil {
		r.t.Fatal(err)
	}
	r.git(r.work, "init", "-q", ".")
	r.git(r.work, "remote", "add", "origin", r.env["GITHUB_SERVER_URL"]+"/acme/shop")
	r.git(r.work, "fetch", "-q", "--no-tags", "--depth=1", "origin", "refs/pull/1/merge")
	r.git(r.work, "checkout", "-q", "FETCH_HEAD")
}

func (r *runner) git(dir string, args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.home, "GIT_CONFIG_NOSYSTEM=1"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// action is what there is to know of action.yml.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct{ Steps []step }
}

type step struct {
	Name, ID, If, Run, Uses, Shell string
	Env                            map[string]string
}

// run runs the steps in order, and returns what they print. over gives
// expressions another value than the event and the inputs' defaults have.
func (r *runner) run(over map[string]string) string {
	var a action
	if err := yaml.Unmarshal([]byte(r.file("../../action.yml")), &a); err != nil {
		r.t.Fatal(err)
	}
	values := map[string]string{
		"github.event_name": "pull_request", "github.repository": "acme/shop", "github.event.pull_request.number": "1",
		"inputs.base || github.event.pull_request.base.sha": r.base,
	}
	for name, in := range a.Inputs {
		values["inputs."+name] = in.Default
	}
	values["inputs.project"], values["inputs.token"] = "deploy", r.secrets["GITHUB_TOKEN"]
	values = copied(values, over)
	var out strings.Builder
	failed := false
	for _, s := range a.Runs.Steps {
		if s.Uses != "" || s.Name == "build parity" || failed || !r.wanted(s.If, values) {
			continue // the program is built
		}
		code := r.step(s, values, &out)
		r.codes[s.Name] = code
		failed = code != 0
	}
	return out.String()
}

// wanted evaluates the conditions that the action has.
func (r *runner) wanted(condition string, values map[string]string) bool {
	switch condition {
	case "":
		return true
	case "steps.trust.outputs.untrusted == 'true'":
		return r.outputs["steps.trust.outputs.untrusted"] == "true"
	case "inputs.comment == 'true' && (github.event_name == 'pull_request' || github.event_name == 'pull_request_target') && steps.check.outputs.comment != ''":
		return values["inputs.comment"] == "true" && strings.HasPrefix(values["github.event_name"], "pull_request") && r.outputs["steps.check.outputs.comment"] != ""
	}
	r.t.Fatalf("the condition %q is not known here", condition)
	return false
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// step runs one script as a runner does, and keeps its outputs.
func (r *runner) step(s step, values map[string]string, out *strings.Builder) int {
	if s.Shell != "bash" || expression.MatchString(s.Run) {
		r.t.Fatalf("the step %q holds an expression in its script, or is of another shell", s.Name)
	}
	file := filepath.Join(r.temp, "output-"+s.ID)
	env := []string{"GITHUB_OUTPUT=" + file}
	for k, v := range r.env {
		env = append(env, k+"="+v)
	}
	for k, v := range s.Env {
		env = append(env, k+"="+expression.ReplaceAllStringFunc(v, func(m string) string {
			name := expression.FindStringSubmatch(m)[1]
			value, ok := values[name]
			if !ok && !strings.HasPrefix(name, "steps.") {
				r.t.Fatalf("the expression %q is not known here", name)
			}
			if !ok {
				value = r.outputs[name]
			}
			return value
		}))
	}
	cmd := exec.CommandContext(r.t.Context(), "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir, cmd.Env = r.work, env
	text, err := cmd.CombinedOutput()
	out.Write(text)
	if err != nil && cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	if data, err := os.ReadFile(file); err == nil && s.ID != "" {
		for line := range strings.Lines(string(data)) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			r.outputs["steps."+s.ID+".outputs."+name] = value
		}
	}
	return cmd.ProcessState.ExitCode()
}

func (r *runner) file(name string) string {
	data, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		r.t.Fatal(err)
	}
	return string(data)
}

func (r *runner) write(name, text string) {
	r.t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}
