package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// overlayTree is a repository of kustomize overlays: every cluster has one of
// every application, which stands on bases that stand on others, with a component
// and patches of its own.
type overlayTree struct{ clusters, apps int }

// files are those of the tree, without its parity.yaml.
func (o overlayTree) files() map[string]string {
	files := map[string]string{
		"parts/logging/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n      - {op: add, path: /spec/template/metadata/annotations, value: {logging: \"on\"}}\n",
	}
	for a := range o.apps {
		dir := fmt.Sprintf("apps/a%d", a)
		files[dir+"/base/kustomization.yaml"] = "resources: [deployment.yaml, service.yaml, more.yaml]\nlabels: [{pairs: {app: a}, includeSelectors: true}]\n"
		files[dir+"/base/deployment.yaml"] = fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a%d}\nspec:\n  replicas: 1\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n        - name: main\n          image: registry.example.com/a%d:1.0\n          env: [{name: MODE, value: fast}, {name: LEVEL, value: info}]\n          envFrom: [{configMapRef: {name: a%d-0}}]\n", a, a, a)
		files[dir+"/base/service.yaml"] = fmt.Sprintf("apiVersion: v1\nkind: Service\nmetadata: {name: a%d}\nspec: {ports: [{port: 80}]}\n", a)
		var more strings.Builder
		for i := range 5 {
			fmt.Fprintf(&more, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a%d-%d}\ndata: {A: '1', B: 'two', C: 'three'}\n---\n", a, i)
		}
		files[dir+"/base/more.yaml"] = more.String()
		under := "base"
		for _, level := range []string{"common", "region", "tier"} {
			files[dir+"/"+level+"/kustomization.yaml"] = "resources: [../" + under + "]\npatches:\n  - target: {kind: ConfigMap}\n    patch: |-\n      - {op: add, path: /data/" + level + ", value: set}\n"
			under = level
		}
		for c := range o.clusters {
			files[fmt.Sprintf("clusters/c%d/a%d/kustomization.yaml", c, a)] = fmt.Sprintf("namespace: team-%d\nresources: [../../../%s/%s]\ncomponents: [../../../parts/logging]\npatches:\n  - target: {kind: Deployment}\n    patch: |-\n      - {op: replace, path: /spec/replicas, value: %d}\n", a, dir, under, 1+c%3)
		}
	}
	return files
}

// config is the tree's parity.yaml: its clusters in halves as two environments,
// each of instances, or melted into one.
func (o overlayTree) config(instances bool) string {
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	for e, name := range []string{"staging", "production"} {
		fmt.Fprintf(&b, "  - name: %s\n    reference: %v\n", name, e == 1)
		if instances {
			b.WriteString("    instances:\n")
		} else {
			b.WriteString("    sources:\n")
		}
		for c := e; c < o.clusters; c += 2 {
			if instances {
				fmt.Fprintf(&b, "      - name: c%d\n        sources:\n", c)
			}
			for a := range o.apps {
				fmt.Fprintf(&b, "          - {collector: kubernetes-manifests, path: clusters/c%d/a%d}\n", c, a)
			}
		}
	}
	text := b.String()
	if !instances {
		text = strings.ReplaceAll(text, "          - {collector", "      - {collector")
	}
	return text
}

// taken are the allocations of a check of the tree.
func (o overlayTree) taken(t *testing.T, instances bool) (bytes, objects uint64) {
	t.Helper()
	files := o.files()
	files["parity.yaml"] = o.config(instances)
	dir := writeTree(t, files)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	code, r := judged(t, dir)
	runtime.ReadMemStats(&after)
	if code != 0 || len(r.Gaps) > 0 {
		t.Fatalf("exit %d, gaps %+v", code, r.Gaps)
	}
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// TestOverlaysCostLinearly: what a check takes grows with the overlays and no
// faster, whether the clusters are told apart or not. A size that CI can bear is
// run, and 300 overlays in 20 clusters where PARITY_PROVE is 1.
func TestOverlaysCostLinearly(t *testing.T) {
	half, whole := overlayTrees()
	for name, instances := range map[string]bool{"instances": true, "one environment": false} {
		t.Run(name, func(t *testing.T) {
			overlayTree{clusters: 2, apps: 1}.taken(t, instances) // what is made once
			a, n := half.taken(t, instances)
			b, m := whole.taken(t, instances)
			t.Logf("%d overlays: %d MB, %d allocations; %d overlays: %d MB, %d allocations", half.clusters*half.apps, a>>20, n, whole.clusters*whole.apps, b>>20, m)
			if b > a*5/2 || m > n*5/2 {
				t.Errorf("twice the overlays take %.2f times the memory and %.2f times the allocations", float64(b)/float64(a), float64(m)/float64(n))
			}
		})
	}
}

// overlayTrees are a tree and one of twice as many clusters.
func overlayTrees() (half, whole overlayTree) {
	if proving() {
		return overlayTree{clusters: 10, apps: 15}, overlayTree{clusters: 20, apps: 15}
	}
	return overlayTree{clusters: 4, apps: 6}, overlayTree{clusters: 8, apps: 6}
}

// maxOverlayPeak is the most memory in MiB that a check of 300 overlays may take
// at its peak: about twice what was measured.
const maxOverlayPeak = 256

// TestOverlaysPeak: the peak memory of a check grows no faster than the overlays,
// and stays bounded.
func TestOverlaysPeak(t *testing.T) {
	half, whole := overlayTrees()
	bin := binary(t)
	for name, instances := range map[string]bool{"instances": true, "one environment": false} {
		t.Run(name, func(t *testing.T) {
			a, b := half.peak(t, bin, instances), whole.peak(t, bin, instances)
			t.Logf("%d overlays: %d MiB, %d overlays: %d MiB", half.clusters*half.apps, a, whole.clusters*whole.apps, b)
			if b > 2*a || b > maxOverlayPeak {
				t.Errorf("%d overlays take %d MiB at the peak, %d take %d", half.clusters*half.apps, a, whole.clusters*whole.apps, b)
			}
		})
	}
}

// peak returns the most memory in MiB that a process takes that checks the tree.
func (o overlayTree) peak(t *testing.T, bin string, instances bool) int {
	t.Helper()
	files := o.files()
	files["parity.yaml"] = o.config(instances)
	cmd := exec.Command(bin, "check", writeTree(t, files))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	// The usage that a process ends with also counts what the process that started
	// it had, so that its own is read while it runs.
	status, peak := "/proc/"+strconv.Itoa(cmd.Process.Pid)+"/status", 0
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			if peak == 0 {
				t.Skipf("the memory of a process cannot be read from %s", status)
			}
			return peak >> 10
		default:
			peak = max(peak, highWater(status))
		}
	}
}

var highWaterLine = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// highWater returns the most memory in KiB that a process had so far; 0 if that
// cannot be read.
func highWater(status string) int {
	text, err := os.ReadFile(status)
	m := highWaterLine.FindSubmatch(text)
	if err != nil || m == nil {
		return 0
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return 0
	}
	return n
}
