package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
)

// breakages are what is wrong with the example: class, change, columns, and
// where it shows.
var breakages = []string{
	"changed sizing staging Deployment/orders /spec/template/spec/containers[name=app]/resources/limits/memory",
	"changed toggle dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=FEATURE_ONE_CLICK]/value",
	"changed version dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/image",
	"extra staging Role/orders /rules[=batch/jobs:delete]",
	"extra staging Role/orders /rules[=core/secrets:get]",
	"extra staging Role/orders /rules[=core/secrets:list]",
	"extra staging Role/orders /rules[=core/secrets:watch]",
	"leak address staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=DATABASE_HOST]/value",
	"missing dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=PAYMENT_RETRY_LIMIT]/value",
	"missing staging NetworkPolicy/orders-egress",
}

// TestExampleShowsItsBreakagesAndNothingElse holds the example to its purpose:
// each breakage is found, once, and all the noise beside them is quiet.
func TestExampleShowsItsBreakagesAndNothingElse(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := cli.Run(context.Background(), []string{"check", "examples/shop", "--format", "json"},
		process(projectRoot(t), nothing, strings.NewReader(""), &stdout, &stderr))
	if code != 1 || stderr.Len() > 0 {
		t.Fatalf("exit code %d, stderr %s", code, stderr.String())
	}
	var r parity.Result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Outcome != parity.Fail || r.Groups[0].Class != parity.Leak {
		t.Errorf("outcome %s, first group %s: want a failure, and the leak first", r.Verdict.Outcome, r.Groups[0].Class)
	}
	var got []string
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			words := []string{d.Class.String(), string(d.Change), strings.Join(d.Columns, ","), d.Subject.Kind + "/" + d.Subject.Name, d.Path}
			got = append(got, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(breakages, got); diff != "" {
		t.Errorf("differences that count (-want +got):\n%s", diff)
	}
	if len(r.Gaps) > 0 || len(r.Findings) > 0 {
		t.Errorf("the example has gaps %v and findings %v", r.Gaps, r.Findings)
	}
}

const (
	// maxCPU is the most CPU that the example may take, the median of runs.
	maxCPU = 300 * time.Millisecond
	runs   = 10
	// maxBinary is the largest that the stripped binary may be, in bytes.
	maxBinary = 60 << 20
)

// TestBuiltBinaryIsSmallAndQuick builds the binary as a release does.
func TestBuiltBinaryIsSmallAndQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the binary")
	}
	root := projectRoot(t)
	bin := filepath.Join(t.TempDir(), "parity")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	build := exec.Command("go", "build", "-trimpath", "-tags", "kustomize_disable_go_plugin_support", "-ldflags", "-s -w", "-o", bin, "./cmd/parity")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(bin)
	if err != nil {
		t.Fatal(err)
	}
	took := make([]time.Duration, runs)
	for i := range took {
		cmd := exec.Command(bin, "check", "examples/shop")
		cmd.Dir = root
		if _, err := cmd.Output(); cmd.ProcessState.ExitCode() != 1 {
			t.Fatalf("exit code %d: %v", cmd.ProcessState.ExitCode(), err)
		}
		took[i] = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	}
	slices.Sort(took)
	t.Logf("%d MiB, median %v of CPU", info.Size()>>20, took[runs/2])
	if info.Size() > maxBinary {
		t.Errorf("the binary has %d bytes, more than %d", info.Size(), maxBinary)
	}
	if took[runs/2] > maxCPU {
		t.Errorf("check examples/shop takes %v of CPU, more than %v: %v", took[runs/2], maxCPU, took)
	}
}
