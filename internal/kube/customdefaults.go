package kube

import (
	"slices"

	"github.com/envparity/parity"
)

// customKind is a kind that Kubernetes itself does not know.
type customKind struct{ group, kind string }

// off returns the booleans of widely used custom resources that are false where
// they are left out, by their paths, as the references of their APIs say. Only
// fields that are no pointers there belong here: of a pointer, false and absent
// may mean different things.
func off(of customKind) []string {
	switch of {
	case customKind{"helm.toolkit.fluxcd.io", "HelmRelease"}:
		return []string{
			"/spec/chart/spec/ignoreMissingValuesFiles",
			"/spec/install/disableHooks", "/spec/install/disableWait", "/spec/install/disableWaitForJobs",
			"/spec/install/disableOpenAPIValidation", "/spec/install/createNamespace", "/spec/install/replace",
			"/spec/rollback/cleanupOnFail", "/spec/rollback/disableHooks", "/spec/rollback/disableWait",
			"/spec/rollback/disableWaitForJobs", "/spec/rollback/force", "/spec/rollback/recreate",
			"/spec/suspend",
			"/spec/test/enable", "/spec/test/ignoreFailures",
			"/spec/uninstall/disableHooks", "/spec/uninstall/disableWait", "/spec/uninstall/keepHistory",
			"/spec/upgrade/cleanupOnFail", "/spec/upgrade/disableHooks", "/spec/upgrade/disableWait",
			"/spec/upgrade/disableWaitForJobs", "/spec/upgrade/disableOpenAPIValidation", "/spec/upgrade/force",
			"/spec/upgrade/preserveValues",
		}
	case customKind{"kustomize.toolkit.fluxcd.io", "Kustomization"}:
		return []string{"/spec/force", "/spec/suspend", "/spec/wait"}
	case customKind{"source.toolkit.fluxcd.io", "GitRepository"}:
		return []string{"/spec/recurseSubmodules", "/spec/suspend"}
	case customKind{"source.toolkit.fluxcd.io", "HelmRepository"}:
		return []string{"/spec/insecure", "/spec/passCredentials", "/spec/suspend"}
	case customKind{"source.toolkit.fluxcd.io", "OCIRepository"}, customKind{"source.toolkit.fluxcd.io", "Bucket"}:
		return []string{"/spec/insecure", "/spec/suspend"}
	}
	return nil
}

// customDefault returns the rule by which a boolean of a custom resource equals
// its absence.
func (w *walker) customDefault(path, text string) parity.RuleSet {
	if text == "false" && slices.Contains(off(customKind{w.key.Group, w.kind}), path) {
		return parity.SetOf(parity.DefaultValue)
	}
	return 0
}
