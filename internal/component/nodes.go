package component

import (
	_ "embed"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

//go:embed stages.yaml
var stages string

// simulate starts kube-scheduler and kwok, and waits for the nodes.
func (p *plane) simulate(o options, paths map[string]string) error {
	if o.nodes == 0 {
		return nil
	}
	var known []string
	for image, digest := range o.digests {
		known = append(known, strconv.Quote(image)+" "+strconv.Quote(digest))
	}
	slices.Sort(known)
	text := strings.ReplaceAll(stages, "DIGESTS", strings.Join(known, " "))
	if err := os.WriteFile(p.file("stages.yaml"), []byte(text), 0o600); err != nil {
		return err
	}
	var nodes strings.Builder
	for i := range o.nodes {
		fmt.Fprintf(&nodes, "apiVersion: v1\nkind: Node\nmetadata:\n  name: node-%d\n  labels: {kubernetes.io/hostname: node-%[1]d, kubernetes.io/os: linux, kubernetes.io/arch: amd64}\n---\n", i)
	}
	if out, err := p.tryKubectl(nodes.String(), "apply", "--server-side", "-f", "-"); err != nil {
		return fmt.Errorf("make the nodes: %w: %s", err, out)
	}
	err := p.run(paths["kwok"], func() []string {
		return []string{
			"--kubeconfig=" + p.kubeconfig(), "--config=" + p.file("stages.yaml"),
			"--manage-all-nodes", "--node-ip=" + loopback, "--node-lease-duration-seconds=120",
		}
	}, func() error { return p.nodesReady(o.nodes) })
	if err != nil {
		return err
	}
	return p.run(paths["kube-scheduler"], func() []string {
		return []string{
			"--kubeconfig=" + p.kubeconfig(), "--authentication-kubeconfig=" + p.kubeconfig(), "--authorization-kubeconfig=" + p.kubeconfig(),
			"--leader-elect=false", "--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000",
		}
	}, func() error { return nil })
}

// nodesReady says what is missing while not all nodes are ready.
func (p *plane) nodesReady(count int) error {
	out, err := p.tryKubectl("", "get", "nodes", "-o",
		`jsonpath={range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{" "}{end}`)
	if err != nil {
		return err
	}
	if ready := strings.Count(out, "True"); ready != count {
		return fmt.Errorf("%d of %d nodes are ready", ready, count)
	}
	return nil
}
