// Package discover looks at a directory for what declares environments, and
// writes a first parity.yaml from it.
//
// It takes one inventory of the repository, lets each layout list the places
// that may be an environment's, groups those whose paths differ in one name
// into families, and decides from several sides which families tell
// environments apart.
package discover

import (
	"io/fs"

	"github.com/envparity/parity"
)

// Discover looks for environments below root, for the collectors and
// keys of theirs that known reports. The error is a parity.Error with a hint where there are fewer than
// two; what cannot be read is passed over.
func Discover(root fs.FS, known func(collector, key string) bool) (Plan, error) {
	inv := take(root)
	var places []*place
	for _, l := range layouts() {
		if l.collector != "" && !known(l.collector, "path") {
			continue
		}
		for _, p := range l.find(inv) {
			p.layout = l
			places = append(places, &p)
		}
	}
	all := families(places)
	judge(inv, all)
	a := &assignment{inv: inv, known: known, families: all, roles: roles(all), sites: findSites(inv, all)}
	a.all(places)
	p := a.plan()
	if inv.left <= 0 {
		p.Notes = append([]string{"The directory is large; only its first 50,000 entries were looked at."}, p.Notes...)
	}
	return p, p.enough()
}

// enough refuses a plan that compares nothing.
func (p Plan) enough() error {
	hint := "parity looks for kustomize overlays (overlays/staging), Helm values (values-staging.yaml), manifests (k8s/staging), " +
		"Compose files (compose.staging.yaml), Terraform (environments/staging) and dotenv files (.env.staging); name others in parity.yaml yourself"
	if len(p.Notes) > 0 {
		hint = p.Notes[0] + " " + hint
	}
	switch len(p.Environments) {
	case 0:
		return &parity.Error{Code: parity.CodeConfig, What: "nothing here tells of an environment", Hint: hint}
	case 1:
		return &parity.Error{
			Code: parity.CodeConfig, What: "only one environment was found, " + p.Environments[0].Name + ", and there is nothing to compare it with",
			Hint: hint,
		}
	}
	return nil
}
