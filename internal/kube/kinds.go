package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// Format is the format of Kubernetes objects.
const Format = "kubernetes"

const (
	labelsPath      = "/metadata/labels/"
	annotationsPath = "/metadata/annotations/"
	replicasPath    = "/spec/replicas"
	templatePath    = "/spec/template/"
)

// Kinds declares the kinds of Kubernetes objects. Any name with a capital letter
// may be one; those that are listed mean more.
func Kinds() []kinds.Kind {
	all := []kinds.Kind{declare("[A-Z]*")}
	for _, group := range [][]kinds.Kind{workloads(), access(), traffic(), parts(), cluster()} {
		all = append(all, group...)
	}
	return all
}

// declare returns a kind with what all have in common. What refers to a Secret or a
// ServiceAccount, and what is of a sidecar, is on a surface of its own whatever
// the table of surfaces says of the path.
func declare(name string, reapply ...kinds.Reapply) kinds.Kind {
	return kinds.Kind{
		Name: name, Format: Format, Uniform: true, ScopePath: "/metadata/namespace",
		Surfaces: surfaces(), Also: []parity.Surface{parity.Secrets, parity.IdentitySurface, parity.Platform},
		Reapply: append([]kinds.Reapply{
			{Prefix: replicasPath, Effect: kinds.EffectScales},
			{Prefix: labelsPath, LowRisk: true, Why: "a label of the object itself: nothing restarts"},
			{Prefix: annotationsPath, LowRisk: true, Why: "an annotation of the object itself: nothing restarts"},
		}, reapply...),
		Made: "a whole object is made, not a single field changed",
	}
}

// each declares several kinds alike.
func each(names string, k kinds.Kind) []kinds.Kind {
	var out []kinds.Kind
	for name := range strings.FieldsSeq(names) {
		k.Name = name
		out = append(out, k)
	}
	return out
}

func stated(prefix string, low bool, why string) kinds.Reapply {
	return kinds.Reapply{Prefix: prefix, LowRisk: low, Why: why}
}

// workloads are the kinds that run pods.
func workloads() []kinds.Kind {
	const podsStart = "a whole object is made: pods start"
	rolls := kinds.Reapply{Prefix: templatePath, Effect: kinds.EffectRolls}
	selector := stated("/spec/selector", false, "a selector cannot be changed: the workload would have to be made anew")
	claims := stated("/spec/volumeClaimTemplates", false, "claim templates cannot be changed: the workload would have to be made anew")
	rollout := stated("/spec/", true, "it takes effect at the next rollout")

	w := declare("", rolls, selector, rollout)
	w.Rank, w.Runs, w.Made = kinds.RankLead, true, podsStart
	w.Family, w.Common = workloadFamily, commonPaths
	daemons := each("DaemonSet", w)
	w.Replicas = replicasPath
	scaled := each("Deployment Rollout", w)
	stateful := w
	stateful.Reapply = declare("", rolls, selector, claims, rollout).Reapply
	out := append(append(daemons, scaled...), each("StatefulSet", stateful)...)

	w.Family, w.Common, w.Rank = "", nil, kinds.RankOrdinary
	out = append(out, each("ReplicaSet", w)...)

	cron := declare("CronJob", stated("/spec/", true, "it takes effect at the next run"))
	cron.Rank, cron.Runs, cron.Made = kinds.RankLead, true, podsStart
	once := declare("", stated("", false, "most of it cannot be changed: it would have to be made anew"))
	once.Made = podsStart
	pod := each("Pod", once)
	once.Rank = kinds.RankLead
	return append(append(append(out, cron), each("Job", once)...), pod...)
}

// access are the kinds that say who may do what.
func access() []kinds.Kind {
	rights := declare("", stated("", false, "it changes who may do what"))
	rights.Made = "a whole object is made: it gives rights that somebody may have taken away on purpose"
	out := each("Role ClusterRole", rights)
	rights.Rank = kinds.RankPart
	account := declare("ServiceAccount", stated("", false, "it changes who pods are"))
	account.Rank = kinds.RankPart
	return append(append(out, each("RoleBinding ClusterRoleBinding", rights)...), account)
}

// traffic are the kinds that say where traffic goes.
func traffic() []kinds.Kind {
	policy := declare("NetworkPolicy", stated("", false, "it changes who may talk to whom, at once"))
	policy.Also, policy.Shared = nil, true
	policy.Made = "a whole object is made: traffic that it does not allow is cut off at once"
	out := []kinds.Kind{policy}

	route := declare("", stated("", false, "it changes where traffic goes, at once"))
	out = append(out, each("Service GRPCRoute TCPRoute TLSRoute Gateway", route)...)
	shared := route
	shared.Shared = true
	out = append(out, each("VirtualService DestinationRule", shared)...)
	route.Family = "route"
	out = append(out, each("Ingress HTTPRoute", route)...)

	mesh := declare("")
	mesh.Shared = true
	return append(out, each("AuthorizationPolicy PeerAuthentication", mesh)...)
}

// parts are the kinds that belong to workloads and to applications.
func parts() []kinds.Kind {
	held := declare("",
		kinds.Reapply{Prefix: "/metadata/", Effect: kinds.EffectUnknown},
		kinds.Reapply{Effect: kinds.EffectRead})
	held.Rank, held.Held = kinds.RankPart, true
	out := each("ConfigMap Secret", held)

	application := declare("Application")
	application.Rank = kinds.RankLead
	scaler := declare("", stated("", false, "the autoscaler acts on it at once: pods start or stop"))
	out = append(append(out, application), each("HorizontalPodAutoscaler ScaledObject VerticalPodAutoscaler", scaler)...)
	out = append(out, declare("PodDisruptionBudget", stated("/spec/", true, "it takes effect at the next eviction")))
	storage := declare("", stated("", false, "storage cannot be changed back freely"))
	return append(out, each("PersistentVolumeClaim PersistentVolume StorageClass", storage)...)
}

// cluster are the kinds that hold for a namespace or for the cluster as a whole.
func cluster() []kinds.Kind {
	place := declare("")
	place.Reapply = []kinds.Reapply{stated("", false, "labels of namespaces and nodes decide what is admitted, injected and placed")}
	out := each("Node", place)
	place.Rank, place.Also = kinds.RankScope, nil
	out = append(out, each("Namespace", place)...)

	quota := declare("", stated("/spec/", true, "it takes effect on what is made next"))
	quota.Also, quota.Shared = nil, true
	out = append(out, each("ResourceQuota LimitRange", quota)...)
	priority := declare("PriorityClass", stated("", false, "it changes what is evicted for what"))
	priority.Also = nil
	admission := declare("", stated("", false, "it changes what the API server admits"))
	return append(append(out, priority), each("CustomResourceDefinition MutatingWebhookConfiguration ValidatingWebhookConfiguration "+
		"ValidatingAdmissionPolicy MutatingAdmissionPolicy ValidatingAdmissionPolicyBinding", admission)...)
}
