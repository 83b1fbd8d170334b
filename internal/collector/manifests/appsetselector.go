package manifests

import (
	"fmt"
	"slices"
)

// selected keeps the parameters that a selector of labels fits.
func selected(all []params, selector map[string]any) []params {
	if len(selector) == 0 {
		return all
	}
	return keepIf(all, func(p params) bool {
		flat := params{}
		flatten(flat, "", p)
		return matchesLabels(selector, func(name string) (string, bool) {
			v, ok := flat[name]
			return fmt.Sprint(v), ok
		})
	})
}

// matchesLabels reports whether labels fit a selector of Kubernetes.
func matchesLabels(selector map[string]any, label func(name string) (string, bool)) bool {
	for name, want := range tableAt(selector, "matchLabels") {
		if v, ok := label(name); !ok || v != fmt.Sprint(want) {
			return false
		}
	}
	for _, item := range listAt(selector, "matchExpressions") {
		v, ok := label(textAt(item, "key"))
		in := slices.ContainsFunc(listAt(item, "values"), func(x any) bool { return fmt.Sprint(x) == v })
		switch textAt(item, "operator") {
		case "In":
			ok = ok && in
		case "NotIn":
			ok = !ok || !in
		case "Exists":
		case "DoesNotExist":
			ok = !ok
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return true
}
