package acceptance

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"go.yaml.in/yaml/v3"
)

// parseOnly makes the test binary parse the files it names into yaml.v3 nodes
// and exit: the measure of what reading YAML costs at least.
const parseOnly = "PARITY_BENCH_PARSE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parseOnly); dir != "" {
		for _, name := range []string{"staging.yaml", "production.yaml"} {
			if err := parseNodes(filepath.Join(dir, name)); err != nil {
				os.Stderr.WriteString(err.Error())
				os.Exit(1)
			}
		}
		os.Exit(0)
	}
	code := m.Run()
	stagingCluster.Close()
	productionCluster.Close()
	os.Exit(code)
}

func parseNodes(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for d := yaml.NewDecoder(bytes.NewReader(b)); ; {
		var n yaml.Node
		if err := d.Decode(&n); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// usage is what a process took: CPU seconds of user and system, and MiB at
// its peak.
type usage struct{ cpu, mib float64 }

// measure runs a command to its end. Parity's exit 1 says that parity does not
// hold, dyff's that there are differences.
func measure(t testing.TB, dir string, env []string, name string, args ...string) usage {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("%s %v: %v: %s", name, args, err, stderr.String())
	}
	u := usage{cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.mib = float64(r.Maxrss) / 1024
	}
	return u
}

// binary builds parity as a release is built.
func binary(t testing.TB) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "parity")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, "github.com/envparity/parity/cmd/parity")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-tags=kustomize_disable_go_plugin_support")
	if b, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v: %s", err, b)
	}
	return out
}

// snapshots writes both environments of a project to files.
func snapshots(t testing.TB, bin, dir string) (staging, production string) {
	t.Helper()
	key := []string{"PARITY_KEY=a key that only this benchmark has, and long enough"}
	for _, e := range []string{"staging", "production"} {
		measure(t, dir, key, bin, "snapshot", dir, e, "--output", filepath.Join(dir, e+".parity"))
	}
	return filepath.Join(dir, "staging.parity"), filepath.Join(dir, "production.parity")
}

// BenchmarkScale prints what 10,000 and 100,000 objects a side cost: CPU
// against a bare parse of the same YAML, peak memory, the same from snapshots,
// and dyff beside it where it is installed.
func BenchmarkScale(b *testing.B) {
	bin, self := binary(b), os.Args[0]
	for b.Loop() {
		small := scaleProject(b, 10_000)
		parse := measure(b, small, []string{parseOnly + "=" + small}, self)
		check := measure(b, small, nil, bin, "check", small)
		one, two := snapshots(b, bin, small)
		snap := measure(b, small, nil, bin, "diff", one, two)
		b.ReportMetric(parse.cpu, "yaml-cpu-s")
		b.ReportMetric(check.cpu, "check-cpu-s")
		b.ReportMetric(check.cpu/parse.cpu, "check/yaml")
		b.ReportMetric(check.mib, "check-MiB")
		b.ReportMetric(snap.cpu, "snapshots-cpu-s")
		b.ReportMetric(snap.mib, "snapshots-MiB")
		if dyff := dyffPath(b); dyff != "" {
			theirs := measure(b, small, nil, dyff, "between", "--omit-header", "staging.yaml", "production.yaml")
			b.ReportMetric(theirs.cpu, "dyff-cpu-s")
			b.ReportMetric(theirs.mib, "dyff-MiB")
			b.ReportMetric(snap.cpu/theirs.cpu, "snapshots/dyff")
		}
		large := measureLarge(b, bin)
		b.ReportMetric(large.cpu, "check100k-cpu-s")
		b.ReportMetric(large.cpu/check.cpu, "check100k/check")
		b.ReportMetric(large.mib, "check100k-MiB")
		b.ReportMetric(0, "ns/op")
	}
}

func measureLarge(b *testing.B, bin string) usage {
	b.Helper()
	dir := scaleProject(b, 100_000)
	return measure(b, dir, nil, bin, "check", dir)
}

// BenchmarkExample prints what the first command of the README costs.
func BenchmarkExample(b *testing.B) {
	bin := binary(b)
	dir, err := filepath.Abs("../../examples/shop")
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(bin)
	if err != nil {
		b.Fatal(err)
	}
	var took []float64
	for b.Loop() {
		took = append(took, measure(b, dir, nil, bin, "check", dir).cpu)
	}
	slices.Sort(took)
	b.ReportMetric(1000*took[len(took)/2], "median-cpu-ms")
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
}

// TestSizes: the binary stays below 66 MB, and 10,000 objects a side below 250
// MiB.
func TestSizes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: peak memory is measured on Linux")
	}
	bin := binary(t)
	info, err := os.Stat(bin)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() >= 66e6 {
		t.Errorf("the binary has %d bytes", info.Size())
	}
	dir := scaleProject(t, 10_000)
	if u := measure(t, dir, nil, bin, "check", dir); u.mib >= 250 {
		t.Errorf("10,000 objects a side took %.0f MiB", u.mib)
	}
}
