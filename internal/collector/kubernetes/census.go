package kubernetes

import (
	"slices"
	"strings"
	"sync"
)

// census counts what was met and is no subject of its own, and what could not
// be read.
type census struct {
	mu      sync.Mutex
	skipped map[string]int
	lost    map[string][]string // namespaces by kind; "" is all of them
}

func newCensus() *census { return &census{skipped: map[string]int{}, lost: map[string][]string{}} }

func (c *census) skip(reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skipped[reason]++
}

func (c *census) lose(kind, namespace string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost[kind] = append(c.lost[kind], namespace)
}

// unread reports whether objects of a kind in a namespace could not be read.
func (c *census) unread(kind, namespace string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	lost, ok := c.lost[kind]
	return ok && (slices.Contains(lost, "") || slices.Contains(lost, namespace))
}

// The reasons why an object is no subject of its own.
const (
	ownedObject  = "owned"     // a controller makes it from another object
	serverObject = "server"    // the API server or its controllers make it by themselves
	elsewhere    = "namespace" // it is in a namespace that is not read
	releaseData  = "release"   // what a deployment tool remembers
)

// standing tells why an object is no subject, and nothing where it is one.
// Objects that a controller makes from others follow from these; only
// configuration that workloads read stays, whoever made it.
func standing(r resource, o *object) string {
	m := &o.Meta
	switch r.id() {
	case "/ConfigMap":
		if m.Name == "kube-root-ca.crt" || m.Name == "openshift-service-ca.crt" {
			return serverObject
		}
		return ""
	case "/Secret":
		return standingOfSecret(o)
	case "/ServiceAccount":
		if m.Name == "default" && plainAccount(o) {
			return serverObject
		}
	case "/Service":
		if m.Name == "kubernetes" && m.Namespace == "default" {
			return serverObject
		}
	case "/PersistentVolume":
		if m.Annotations.Get("pv.kubernetes.io/provisioned-by") != nil {
			return ownedObject
		}
	case "scheduling.k8s.io/PriorityClass":
		if strings.HasPrefix(m.Name, "system-") {
			return serverObject
		}
	}
	if _, owned := m.controller(); owned {
		return ownedObject
	}
	if m.Labels.Get("kubernetes.io/bootstrapping") != nil || m.Annotations.Get("apf.kubernetes.io/autoupdate-spec").Str() == "true" {
		return serverObject
	}
	return ""
}

func standingOfSecret(o *object) string {
	switch o.tree.Get("type").Str() {
	case "kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token":
		return serverObject
	case "helm.sh/release.v1":
		return releaseData
	}
	return ""
}

// plainAccount reports whether a service account says nothing of its own.
func plainAccount(o *object) bool {
	for i := range o.tree.Fields {
		switch o.tree.Fields[i].Key {
		case "apiVersion", "kind", "metadata", "secrets":
		default:
			return false
		}
	}
	return o.Meta.Labels == nil && o.Meta.Annotations == nil
}

// unlisted are kinds that are read only where they are asked for by name: what
// controllers and the server keep for themselves, and measurements.
var unlisted = []string{
	"core/Event", "events.k8s.io/Event", "core/Endpoints", "discovery.k8s.io/EndpointSlice", "coordination.k8s.io/*",
	"core/Node", "core/ComponentStatus", "core/Binding", "apps/ControllerRevision",
	"storage.k8s.io/CSINode", "storage.k8s.io/CSIStorageCapacity", "storage.k8s.io/VolumeAttachment",
	"certificates.k8s.io/*", "apiregistration.k8s.io/APIService", "flowcontrol.apiserver.k8s.io/*",
	"metrics.k8s.io/*", "custom.metrics.k8s.io/*", "external.metrics.k8s.io/*", "internal.apiserver.k8s.io/*",
	"storagemigration.k8s.io/*", "networking.k8s.io/IPAddress", "networking.k8s.io/ServiceCIDR",
	"resource.k8s.io/ResourceSlice", "resource.k8s.io/ResourceClaim", "wgpolicyk8s.io/*", "reports.kyverno.io/*",
	"openreports.io/*", "cilium.io/CiliumEndpoint", "cilium.io/CiliumIdentity", "cilium.io/CiliumNode",
	"cert-manager.io/CertificateRequest", "acme.cert-manager.io/*", "status.gatekeeper.sh/*",
	"crd.projectcalico.org/*IPAM*", "crd.projectcalico.org/BlockAffinity", "snapshot.storage.k8s.io/VolumeSnapshotContent",
	"spdx.softwarecomposition.kubescape.io/*", "aquasecurity.github.io/*", "packages.operators.coreos.com/*",
}

// ignores reports whether no kind of a group is a subject, whichever it has.
func (c *Config) ignores(group string) bool {
	every := resource{group: group, kind: "*"}
	return fitsKind(c.Kinds.Exclude, every) || len(c.Kinds.Include) == 0 && fitsKind(unlisted, every)
}

// listed reports whether the kind's objects are subjects.
func (c *Config) listed(r resource) bool {
	if fitsKind(c.Kinds.Exclude, r) {
		return false
	}
	if len(c.Kinds.Include) > 0 {
		return fitsKind(c.Kinds.Include, r)
	}
	return !fitsKind(unlisted, r)
}
