package grouping

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
)

func TestContainersAreApart(t *testing.T) {
	const pod = "/spec/template/spec"
	part := func(path string, class parity.Class, values ...string) parity.Difference {
		return two.differ("Deployment", "proxy", pod+path, class, "", values...)
	}
	script := part("/initContainers[name=setup]/command", parity.Changed, "a", "b")
	mount := part("/initContainers[name=setup]/volumeMounts[mountPath=/keys]/name", parity.Extra, "keys", "-")
	volume := part("/volumes[name=keys]/secret/secretName", parity.Extra, "api-keys", "-")
	gone := part("/containers[name=side]/args[=--issuer]", parity.Missing, "-", "--issuer x")
	here := part("/containers[name=main]/args[=--issuer]", parity.Extra, "--issuer x", "-")
	port := part("/containers[name=main]/ports[containerPort=80]/name", parity.Changed, "web", "http")
	replicas := two.differ("Deployment", "proxy", "/spec/paused", parity.Changed, "", "true", "false")
	for _, c := range []struct {
		name string
		ds   []parity.Difference
		want []int // members of groups, by size
	}{
		{"one container with its volume", []parity.Difference{script, mount, volume}, []int{3}},
		{"a script with its volume beside a port", []parity.Difference{script, mount, volume, port}, []int{1, 3}},
		{"arguments in the wrong container", []parity.Difference{gone, here}, []int{2}},
		{"the same, with the port of one of them", []parity.Difference{gone, here, port}, []int{3}},
		{"what is of no container", []parity.Difference{script, port, replicas}, []int{1, 1, 1}},
		{"one container beside what is of none", []parity.Difference{port, replicas}, []int{2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var sizes []int
			for _, g := range Group(c.ds, known()) {
				sizes = append(sizes, len(g.Differences))
			}
			if slices.Sort(sizes); !slices.Equal(sizes, c.want) {
				t.Errorf("groups of %v, want %v", sizes, c.want)
			}
		})
	}
}

func TestContainerOf(t *testing.T) {
	for _, c := range []struct{ path, container, tail string }{
		{"/spec/containers[name=a]/image", "containers[name=a]", "/image"},
		{"/spec/initContainers[name=a]", "initContainers[name=a]", ""},
		{"/spec/containers[name=a[b]]/args[=x]", "containers[name=a[b]]", "/args[=x]"},
		{"/spec/containers[name=a", "containers[name=a", ""},
		{"/spec/otherContainers[name=a]/image", "", ""},
		{"ontainers[name=", "", ""},
		{"/spec/replicas", "", ""},
	} {
		if container, tail := containerOf(c.path); container != c.container || tail != c.tail {
			t.Errorf("%s: %q and %q", c.path, container, tail)
		}
	}
}
